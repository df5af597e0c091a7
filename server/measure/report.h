/* Reports of exposure and of kiosks: from the sums to JSON, CSV or a workbook. Files are written as
 * the rows come. */
#ifndef VITRINE_SERVER_MEASURE_REPORT_H
#define VITRINE_SERVER_MEASURE_REPORT_H

#include "core/strbuf.h"
#include "server/measure/period.h"
#include "server/store/figures.h"

enum report_format { REPORT_JSON, REPORT_CSV, REPORT_XLSX, REPORT_FORMATS };
const char *report_format_tag(enum report_format format);
bool report_format_parse(const char *tag, enum report_format *format_out);
const char *report_format_type(enum report_format format); /* media type */

#define REPORT_DAYS_MAX 3700 /* of one report */

struct report_request {
    enum figures_by by;
    enum period_grain grain;
    int64_t from_day, until_day; /* local days; the last one is in it */
    struct figures_scope scope;
};

/* ERROR_INVALID for a period that ends before it begins, or is too long. */
bool report_check(const struct report_request *request, struct error *err)
    __attribute__((warn_unused_result));

/* {"by":…,"from":…,"until":…,"grain":…,"items":[{"from","until","id","name","detail","plays",
 * "shown_ms","planned","planned_ms","deficit_ms","screens"}…]} */
bool report_exposure_json(struct db *db, const struct report_request *request, struct strbuf *out,
                          struct error *err) __attribute__((warn_unused_result));
/* To a file at path; scratch is a folder for what it is made of. CSV or XLSX. */
bool report_exposure_file(struct db *db, const struct report_request *request,
                          enum report_format format, const char *path, const char *scratch,
                          struct error *err) __attribute__((warn_unused_result));

/* {"from","until","grain","items":[{"from","until","screen","name","site","site_name","counter",
 * "subject","subject_name","count"}…]}; of the request, `by` does not count. */
bool report_kiosks_json(struct db *db, const struct report_request *request, struct strbuf *out,
                        struct error *err) __attribute__((warn_unused_result));
bool report_kiosks_file(struct db *db, const struct report_request *request,
                        enum report_format format, const char *path, const char *scratch,
                        struct error *err) __attribute__((warn_unused_result));
/* "sessions" → "Visites"… as people read it. */
const char *report_counter_label(const char *counter);

#endif
