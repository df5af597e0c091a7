#include "server/store/migrations.h"

/* Hourly sums of plays, what was planned, counters of kiosks. Sums outlive what they are about: a
 * place is a screen with its name and site as they were then, an organisation stays as it was last
 * known. Hours are UTC hours since 1970. What was played before the sums is summed in the hour in
 * which it began. */
const char migration_measure[] =
    "CREATE TABLE play_places ("
    "  number BIGINT PRIMARY KEY,"
    "  screen TEXT NOT NULL,"
    "  screen_name TEXT NOT NULL,"
    "  site TEXT NOT NULL,"
    "  site_name TEXT NOT NULL,"
    "  kiosk INTEGER NOT NULL,"
    "  UNIQUE (screen, screen_name, site, site_name, kiosk));"
    "CREATE TABLE play_hours ("
    "  hour BIGINT NOT NULL,"
    "  place BIGINT NOT NULL REFERENCES play_places (number),"
    "  item BIGINT NOT NULL REFERENCES play_items (number),"
    "  plays BIGINT NOT NULL,"
    "  length_ms BIGINT NOT NULL,"
    "  planned BIGINT NOT NULL,"
    "  planned_ms BIGINT NOT NULL,"
    "  PRIMARY KEY (hour, place, item));"

    /* A bit for each five minutes: a sign of life or a picture, and opening hours. */
    "CREATE TABLE screen_hours ("
    "  hour BIGINT NOT NULL,"
    "  place BIGINT NOT NULL REFERENCES play_places (number),"
    "  seen BIGINT NOT NULL,"
    "  open BIGINT NOT NULL,"
    "  PRIMARY KEY (hour, place));"

    "CREATE TABLE kiosk_hours ("
    "  hour BIGINT NOT NULL,"
    "  place BIGINT NOT NULL REFERENCES play_places (number),"
    "  counter TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  count BIGINT NOT NULL,"
    "  PRIMARY KEY (hour, place, counter, subject));"
    /* Which records of counters are in the sums already. */
    "CREATE TABLE kiosk_records ("
    "  screen TEXT NOT NULL,"
    "  boot TEXT NOT NULL,"
    "  sequence BIGINT NOT NULL,"
    "  received_ms BIGINT NOT NULL,"
    "  PRIMARY KEY (screen, boot, sequence));"
    "CREATE INDEX kiosk_records_received ON kiosk_records (received_ms);"

    /* Up to when each screen's manifests are in the planned sums. */
    "CREATE TABLE planned_marks ("
    "  screen TEXT PRIMARY KEY,"
    "  until_ms BIGINT NOT NULL);"

    "CREATE TABLE play_organisations ("
    "  id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  famille_ess TEXT NOT NULL,"
    "  secteur TEXT NOT NULL,"
    "  commune TEXT NOT NULL,"
    "  site TEXT NOT NULL);"
    "CREATE TABLE play_titles ("
    "  kind TEXT NOT NULL," /* rule, playlist */
    "  id TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  PRIMARY KEY (kind, id));"

    /* Records of players that were refused; a bounded number, to be looked at. */
    "CREATE TABLE refused_records ("
    "  number BIGINT PRIMARY KEY,"
    "  screen TEXT NOT NULL,"
    "  boot TEXT NOT NULL,"
    "  sequence BIGINT NOT NULL,"
    "  received_ms BIGINT NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  record TEXT NOT NULL);"
    "CREATE INDEX refused_records_screen ON refused_records (screen, number);"

    /* Questions about an item go to the sums. */
    "DROP INDEX plays_item;"

    "INSERT INTO play_places (number, screen, screen_name, site, site_name, kiosk) "
    "SELECT n.number, n.name, coalesce(s.name, n.name), coalesce(s.site, ''), "
    "coalesce(t.name, ''), coalesce(s.kiosk, 0) FROM play_names n "
    "LEFT JOIN screens s ON s.id = n.name LEFT JOIN sites t ON t.id = s.site "
    "WHERE EXISTS (SELECT 1 FROM plays WHERE plays.screen = n.number);"
    "INSERT INTO play_hours (hour, place, item, plays, length_ms, planned, planned_ms) "
    "SELECT from_ms / 3600000, screen, item, count(*), sum(length_ms), 0, 0 FROM plays "
    "GROUP BY from_ms / 3600000, screen, item;"
    "INSERT INTO play_organisations (id, name, famille_ess, secteur, commune, site) "
    "SELECT id, CASE WHEN enseigne <> '' THEN enseigne ELSE nom END, famille_ess, secteurs, "
    "commune, site FROM organisations WHERE id IN (SELECT organisation FROM play_items);"
    "INSERT INTO play_titles (kind, id, title) SELECT 'rule', id, title FROM rules;"
    "INSERT INTO play_titles (kind, id, title) SELECT 'playlist', id, title FROM playlists;";
