#pragma once

#include "server/quality/score_engine.h"
#include "server/settlement/scorer.h"

namespace giot::server {

// Deliveries are scored as those of giot.v1.SensingQualityService, by the same engine, which must outlive the scorer.
settlement::Scorer DeliveryScorer(scoring::ScoreEngine& engine);

}  // namespace giot::server
