// ledgers/schema: one file a step, in their order. A step that has shipped is never edited.
#include "data.h"

static const unsigned char v1_ledger[] = {
#embed "../../ledgers/schema/v1-ledger.sql"
};
static const unsigned char v2_guards[] = {
#embed "../../ledgers/schema/v2-guards.sql"
};
static const unsigned char v3_views[] = {
#embed "../../ledgers/schema/v3-views.sql"
};
static const unsigned char v4_recharges[] = {
#embed "../../ledgers/schema/v4-recharges.sql"
};
static const unsigned char v5_alerts[] = {
#embed "../../ledgers/schema/v5-alerts.sql"
};
static const unsigned char v6_watch[] = {
#embed "../../ledgers/schema/v6-watch.sql"
};
static const unsigned char v7_acts[] = {
#embed "../../ledgers/schema/v7-acts.sql"
};
static const unsigned char v8_identity[] = {
#embed "../../ledgers/schema/v8-identity.sql"
};

static const tb_data_file files[] = {
    {"v1-ledger.sql", v1_ledger, sizeof v1_ledger},
    {"v2-guards.sql", v2_guards, sizeof v2_guards},
    {"v3-views.sql", v3_views, sizeof v3_views},
    {"v4-recharges.sql", v4_recharges, sizeof v4_recharges},
    {"v5-alerts.sql", v5_alerts, sizeof v5_alerts},
    {"v6-watch.sql", v6_watch, sizeof v6_watch},
    {"v7-acts.sql", v7_acts, sizeof v7_acts},
    {"v8-identity.sql", v8_identity, sizeof v8_identity},
};

tb_data_file tb_schema_file(size_t index) {
  tb_data_file none = {0};
  return index < sizeof files / sizeof *files ? files[index] : none;
}
