// ledgers/queries: a declaration and an entry for each file, by name. A test compares the list with
// the folder.
#include "data.h"

static const unsigned char accounts[] = {
#embed "../../ledgers/queries/accounts.sql"
};
static const unsigned char act[] = {
#embed "../../ledgers/queries/act.sql"
};
static const unsigned char acts[] = {
#embed "../../ledgers/queries/acts.sql"
};
static const unsigned char acts_waiting[] = {
#embed "../../ledgers/queries/acts-waiting.sql"
};
static const unsigned char alerts[] = {
#embed "../../ledgers/queries/alerts.sql"
};
static const unsigned char batch[] = {
#embed "../../ledgers/queries/batch.sql"
};
static const unsigned char batch_entries[] = {
#embed "../../ledgers/queries/batch-entries.sql"
};
static const unsigned char booking[] = {
#embed "../../ledgers/queries/booking.sql"
};
static const unsigned char buckets[] = {
#embed "../../ledgers/queries/buckets.sql"
};
static const unsigned char call[] = {
#embed "../../ledgers/queries/call.sql"
};
static const unsigned char calls_adding_to[] = {
#embed "../../ledgers/queries/calls-adding-to.sql"
};
static const unsigned char calls_by_key[] = {
#embed "../../ledgers/queries/calls-by-key.sql"
};
static const unsigned char calls_dearest[] = {
#embed "../../ledgers/queries/calls-dearest.sql"
};
static const unsigned char calls_last[] = {
#embed "../../ledgers/queries/calls-last.sql"
};
static const unsigned char cards[] = {
#embed "../../ledgers/queries/cards.sql"
};
static const unsigned char credit_documents[] = {
#embed "../../ledgers/queries/credit-documents.sql"
};
static const unsigned char credit_usage[] = {
#embed "../../ledgers/queries/credit-usage.sql"
};
static const unsigned char dead_letter[] = {
#embed "../../ledgers/queries/dead-letter.sql"
};
static const unsigned char dead_letters[] = {
#embed "../../ledgers/queries/dead-letters.sql"
};
static const unsigned char dimension[] = {
#embed "../../ledgers/queries/dimension.sql"
};
static const unsigned char document_batches[] = {
#embed "../../ledgers/queries/document-batches.sql"
};
static const unsigned char entry_from[] = {
#embed "../../ledgers/queries/entry-from.sql"
};
static const unsigned char general_ledger[] = {
#embed "../../ledgers/queries/general-ledger.sql"
};
static const unsigned char hour_past[] = {
#embed "../../ledgers/queries/hour-past.sql"
};
static const unsigned char hours[] = {
#embed "../../ledgers/queries/hours.sql"
};
static const unsigned char incident[] = {
#embed "../../ledgers/queries/incident.sql"
};
static const unsigned char incident_acts[] = {
#embed "../../ledgers/queries/incident-acts.sql"
};
static const unsigned char incident_ids[] = {
#embed "../../ledgers/queries/incident-ids.sql"
};
static const unsigned char incidents[] = {
#embed "../../ledgers/queries/incidents.sql"
};
static const unsigned char incidents_open[] = {
#embed "../../ledgers/queries/incidents-open.sql"
};
static const unsigned char letter_digests[] = {
#embed "../../ledgers/queries/letter-digests.sql"
};
static const unsigned char marks[] = {
#embed "../../ledgers/queries/marks.sql"
};
static const unsigned char observations[] = {
#embed "../../ledgers/queries/observations.sql"
};
static const unsigned char observed_by_key[] = {
#embed "../../ledgers/queries/observed-by-key.sql"
};
static const unsigned char outbox_due[] = {
#embed "../../ledgers/queries/outbox-due.sql"
};
static const unsigned char outbox_next[] = {
#embed "../../ledgers/queries/outbox-next.sql"
};
static const unsigned char outbox_rows[] = {
#embed "../../ledgers/queries/outbox-rows.sql"
};
static const unsigned char outbox_unknown[] = {
#embed "../../ledgers/queries/outbox-unknown.sql"
};
static const unsigned char recent[] = {
#embed "../../ledgers/queries/recent.sql"
};
static const unsigned char recent_start[] = {
#embed "../../ledgers/queries/recent-start.sql"
};
static const unsigned char recharge_until[] = {
#embed "../../ledgers/queries/recharge-until.sql"
};
static const unsigned char recharges[] = {
#embed "../../ledgers/queries/recharges.sql"
};
static const unsigned char refusals[] = {
#embed "../../ledgers/queries/refusals.sql"
};
static const unsigned char reprice_call[] = {
#embed "../../ledgers/queries/reprice-call.sql"
};
static const unsigned char reprice_calls[] = {
#embed "../../ledgers/queries/reprice-calls.sql"
};
static const unsigned char reprice_runs[] = {
#embed "../../ledgers/queries/reprice-runs.sql"
};
static const unsigned char reprice_streams[] = {
#embed "../../ledgers/queries/reprice-streams.sql"
};
static const unsigned char silences[] = {
#embed "../../ledgers/queries/silences.sql"
};
static const unsigned char spend_calls[] = {
#embed "../../ledgers/queries/spend-calls.sql"
};
static const unsigned char spend_days[] = {
#embed "../../ledgers/queries/spend-days.sql"
};
static const unsigned char spend_hours[] = {
#embed "../../ledgers/queries/spend-hours.sql"
};
static const unsigned char stated[] = {
#embed "../../ledgers/queries/stated.sql"
};
static const unsigned char status[] = {
#embed "../../ledgers/queries/status.sql"
};
static const unsigned char trial_balance[] = {
#embed "../../ledgers/queries/trial-balance.sql"
};
static const unsigned char verify_accounts[] = {
#embed "../../ledgers/queries/verify-accounts.sql"
};
static const unsigned char verify_batches[] = {
#embed "../../ledgers/queries/verify-batches.sql"
};
static const unsigned char verify_call[] = {
#embed "../../ledgers/queries/verify-call.sql"
};
static const unsigned char verify_calls[] = {
#embed "../../ledgers/queries/verify-calls.sql"
};
static const unsigned char verify_cards[] = {
#embed "../../ledgers/queries/verify-cards.sql"
};
static const unsigned char verify_days[] = {
#embed "../../ledgers/queries/verify-days.sql"
};
static const unsigned char verify_dimensions[] = {
#embed "../../ledgers/queries/verify-dimensions.sql"
};
static const unsigned char verify_documents[] = {
#embed "../../ledgers/queries/verify-documents.sql"
};
static const unsigned char verify_entries[] = {
#embed "../../ledgers/queries/verify-entries.sql"
};
static const unsigned char verify_hours[] = {
#embed "../../ledgers/queries/verify-hours.sql"
};
static const unsigned char verify_meters[] = {
#embed "../../ledgers/queries/verify-meters.sql"
};
static const unsigned char verify_observations[] = {
#embed "../../ledgers/queries/verify-observations.sql"
};
static const unsigned char verify_prices[] = {
#embed "../../ledgers/queries/verify-prices.sql"
};
static const unsigned char verify_recharges[] = {
#embed "../../ledgers/queries/verify-recharges.sql"
};
static const unsigned char watch[] = {
#embed "../../ledgers/queries/watch.sql"
};
static const unsigned char watch_state[] = {
#embed "../../ledgers/queries/watch-state.sql"
};

static const tb_data_file files[] = {
    {"accounts.sql", accounts, sizeof accounts},
    {"act.sql", act, sizeof act},
    {"acts.sql", acts, sizeof acts},
    {"acts-waiting.sql", acts_waiting, sizeof acts_waiting},
    {"alerts.sql", alerts, sizeof alerts},
    {"batch.sql", batch, sizeof batch},
    {"batch-entries.sql", batch_entries, sizeof batch_entries},
    {"booking.sql", booking, sizeof booking},
    {"buckets.sql", buckets, sizeof buckets},
    {"call.sql", call, sizeof call},
    {"calls-adding-to.sql", calls_adding_to, sizeof calls_adding_to},
    {"calls-by-key.sql", calls_by_key, sizeof calls_by_key},
    {"calls-dearest.sql", calls_dearest, sizeof calls_dearest},
    {"calls-last.sql", calls_last, sizeof calls_last},
    {"cards.sql", cards, sizeof cards},
    {"credit-documents.sql", credit_documents, sizeof credit_documents},
    {"credit-usage.sql", credit_usage, sizeof credit_usage},
    {"dead-letter.sql", dead_letter, sizeof dead_letter},
    {"dead-letters.sql", dead_letters, sizeof dead_letters},
    {"dimension.sql", dimension, sizeof dimension},
    {"document-batches.sql", document_batches, sizeof document_batches},
    {"entry-from.sql", entry_from, sizeof entry_from},
    {"general-ledger.sql", general_ledger, sizeof general_ledger},
    {"hour-past.sql", hour_past, sizeof hour_past},
    {"hours.sql", hours, sizeof hours},
    {"incident.sql", incident, sizeof incident},
    {"incident-acts.sql", incident_acts, sizeof incident_acts},
    {"incident-ids.sql", incident_ids, sizeof incident_ids},
    {"incidents.sql", incidents, sizeof incidents},
    {"incidents-open.sql", incidents_open, sizeof incidents_open},
    {"letter-digests.sql", letter_digests, sizeof letter_digests},
    {"marks.sql", marks, sizeof marks},
    {"observations.sql", observations, sizeof observations},
    {"observed-by-key.sql", observed_by_key, sizeof observed_by_key},
    {"outbox-due.sql", outbox_due, sizeof outbox_due},
    {"outbox-next.sql", outbox_next, sizeof outbox_next},
    {"outbox-rows.sql", outbox_rows, sizeof outbox_rows},
    {"outbox-unknown.sql", outbox_unknown, sizeof outbox_unknown},
    {"recent.sql", recent, sizeof recent},
    {"recent-start.sql", recent_start, sizeof recent_start},
    {"recharge-until.sql", recharge_until, sizeof recharge_until},
    {"recharges.sql", recharges, sizeof recharges},
    {"refusals.sql", refusals, sizeof refusals},
    {"reprice-call.sql", reprice_call, sizeof reprice_call},
    {"reprice-calls.sql", reprice_calls, sizeof reprice_calls},
    {"reprice-runs.sql", reprice_runs, sizeof reprice_runs},
    {"reprice-streams.sql", reprice_streams, sizeof reprice_streams},
    {"silences.sql", silences, sizeof silences},
    {"spend-calls.sql", spend_calls, sizeof spend_calls},
    {"spend-days.sql", spend_days, sizeof spend_days},
    {"spend-hours.sql", spend_hours, sizeof spend_hours},
    {"stated.sql", stated, sizeof stated},
    {"status.sql", status, sizeof status},
    {"trial-balance.sql", trial_balance, sizeof trial_balance},
    {"verify-accounts.sql", verify_accounts, sizeof verify_accounts},
    {"verify-batches.sql", verify_batches, sizeof verify_batches},
    {"verify-call.sql", verify_call, sizeof verify_call},
    {"verify-calls.sql", verify_calls, sizeof verify_calls},
    {"verify-cards.sql", verify_cards, sizeof verify_cards},
    {"verify-days.sql", verify_days, sizeof verify_days},
    {"verify-dimensions.sql", verify_dimensions, sizeof verify_dimensions},
    {"verify-documents.sql", verify_documents, sizeof verify_documents},
    {"verify-entries.sql", verify_entries, sizeof verify_entries},
    {"verify-hours.sql", verify_hours, sizeof verify_hours},
    {"verify-meters.sql", verify_meters, sizeof verify_meters},
    {"verify-observations.sql", verify_observations, sizeof verify_observations},
    {"verify-prices.sql", verify_prices, sizeof verify_prices},
    {"verify-recharges.sql", verify_recharges, sizeof verify_recharges},
    {"watch.sql", watch, sizeof watch},
    {"watch-state.sql", watch_state, sizeof watch_state},
    {0},  // The end.
};

tb_data_file tb_query_file(size_t index) {
  size_t last = sizeof files / sizeof *files - 1;
  return files[index < last ? index : last];
}
