#pragma once

#include "server/quality/score_engine.h"
#include "server/settlement/scorer.h"

namespace giot::server {

// Deliveries are scored as those of giot.v1.SensingQualityService, by the same engine, which must outlive the scorer,
// but under ids that no call of that service can have: there anybody may send anything under a vehicle's name, with
// requirements of its own. Reports of motion have a channel of their own too; images share their sources' histories.
settlement::Scorer DeliveryScorer(scoring::ScoreEngine& engine);

}  // namespace giot::server
