#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/connection.h"
#include "client/fleet.h"
#include "client/sensing_fleet.h"
#include "client/sensing_tally.h"

namespace giot::client {

struct SensingRunOptions {
  std::string server;  // host:port.
  CallOptions call;
  std::filesystem::path quality_model;  // The bundle that the server scores with.
  // What cameras see: the images of a folder, or frames of a video; rendered scenes if both are empty.
  std::filesystem::path images;
  std::filesystem::path video;
  std::filesystem::path detector;  // ONNX file of a VehicleDetector; if empty, vehicles are not counted.
  SensingPlan plan;                // Its run_id is made here if empty.
};

struct SensingRun {
  std::vector<SensingTally> tallies;  // One a method.
  PaymentTerms terms;                 // As announced.
};

// RunSensing over gRPC. Besides its errors: those of LoadQualityModel, of the image sources and of
// VehicleDetector::Load; FailedPrecondition if the server scores with another model.
absl::StatusOr<SensingRun> RunSensingOnServer(const std::vector<FleetMarket>& fleet,
                                              const std::vector<MenuSource>& methods, const SensingRunOptions& options);

}  // namespace giot::client
