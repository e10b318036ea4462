#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/connection.h"
#include "client/deal.h"
#include "client/fleet.h"
#include "client/sensing_fleet.h"
#include "client/sensing_tally.h"
#include "models/quality/quality_model.h"

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
  // Whether deals under the first method's menus are left to the caller.
  bool leave_first_open = false;
};

struct SensingRun {
  std::vector<SensingTally> tallies;  // One a method.
  PaymentTerms terms;                 // As announced.
  std::vector<Deal> open_deals;       // That were left; the first tally knows nothing of them but who declined.
  std::shared_ptr<const quality::QualityModel> model;
  VehicleFinder find;  // Of the detector; empty without.
};

// RunSensing over gRPC. Besides its errors: those of LoadQualityModel, of the image sources and of
// VehicleDetector::Load; FailedPrecondition if the server scores with another model.
absl::StatusOr<SensingRun> RunSensingOnServer(const std::vector<FleetMarket>& fleet,
                                              const std::vector<MenuSource>& methods, const SensingRunOptions& options);

}  // namespace giot::client
