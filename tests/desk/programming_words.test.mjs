// When a rule shows, in plain words, and what the form makes of what the server keeps.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './load.mjs';

const { sentence, readRepeat, writeRepeat } = await load('pages/programming/words.ts');
const { instantOf, wallOf } = await load('pages/programming/zone_time.ts');

const YEAR = { from: '2026-12-01', until: '2027-01-31' };
const MORNING = { hours: { from: '07:00', until: '09:00' } };
const DATES = 'du 1er décembre 2026 au 31 janvier 2027';
const SENTENCES = [
  [{ weekdays: ['tu'], ...MORNING, holidays: 'except', ...YEAR }, `tous les mardis de 7 h à 9 h, sauf jours fériés, ${DATES}`,
    'every Tuesday from 07:00 to 09:00, except on public holidays, from 1 December 2026 to 31 January 2027'],
  [{ from: '2026-03-01', until: '2026-03-31' }, 'tous les jours, toute la journée, du 1er mars au 31 mars 2026', 'every day, all day, from 1 March to 31 March 2026'],
  [{ from: '2026-03-01', until: '2026-03-01', ...MORNING }, 'le 1er mars 2026 de 7 h à 9 h', 'on 1 March 2026 from 07:00 to 09:00'],
  [{ weekdays: ['mo', 'tu', 'we', 'th', 'fr'], hours: { from: '00:00', until: '24:00' }, ...YEAR }, `du lundi au vendredi, toute la journée, ${DATES}`],
  [{ weekdays: ['sa', 'mo', 'we'], ...YEAR }, `tous les lundis, mercredis et samedis, toute la journée, ${DATES}`],
  [{ hours: [{ from: '07:30', until: '09:00' }, { from: '22:00', until: '06:00' }], ...YEAR }, `tous les jours de 7 h 30 à 9 h et de 22 h à 6 h le lendemain, ${DATES}`],
  [{ hours: { from: '20:00', until: '24:00' }, ...YEAR }, `tous les jours de 20 h à minuit, ${DATES}`],
  [{ recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', ...YEAR }, `un mardi sur deux, toute la journée, ${DATES}`, 'every second Tuesday, all day, from 1 December 2026 to 31 January 2027'],
  [{ recurrence: 'FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,TH', ...MORNING, ...YEAR }, `une semaine sur trois, le mardi et le jeudi, de 7 h à 9 h, ${DATES}`],
  [{ recurrence: 'FREQ=MONTHLY;BYDAY=1TU', ...MORNING, ...YEAR }, `le premier mardi de chaque mois de 7 h à 9 h, ${DATES}`],
  [{ recurrence: 'FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR', ...YEAR }, `le dernier vendredi du mois, un mois sur deux, toute la journée, ${DATES}`, 'the last Friday of every second month, all day, from 1 December 2026 to 31 January 2027'],
  [{ recurrence: 'FREQ=MONTHLY;BYMONTHDAY=1,15,-1', ...YEAR }, `le 1er, le 15 et le dernier jour de chaque mois, toute la journée, ${DATES}`],
  [{ recurrence: 'FREQ=DAILY;INTERVAL=4', ...YEAR }, `un jour sur quatre, toute la journée, ${DATES}`],
  [{ recurrence: 'FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14', ...YEAR }, `selon la récurrence « FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14 », toute la journée, ${DATES}`],
  [{ weekdays: ['su'], holidays: 'also', ...YEAR }, `tous les dimanches, toute la journée, et aussi les jours fériés, ${DATES}`],
  [{ holidays: 'except', school_holidays: 'except', ...YEAR }, `tous les jours, toute la journée, sauf jours fériés et vacances scolaires, ${DATES}`],
  [{ weekdays: ['we'], school_holidays: 'only', ...YEAR }, `tous les mercredis, toute la journée, seulement pendant les vacances scolaires, ${DATES}`],
  [{ holidays: 'only', school_holidays: 'only', ...YEAR }, `tous les jours, toute la journée, seulement les jours fériés qui tombent pendant les vacances scolaires, ${DATES}`],
  [{ except: ['2026-12-24', '2026-12-31'], also: ['2027-01-03'], ...YEAR }, `tous les jours, toute la journée, sauf le 24 décembre 2026 et le 31 décembre 2026, et aussi le 3 janvier 2027, ${DATES}`],
  [{ except: ['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27'], ...YEAR }, `tous les jours, toute la journée, sauf 4 autres dates, ${DATES}`],
  [{ starts: '2026-12-01T08:00:00+01:00', ends: '2026-12-02T18:30:00+01:00' }, 'tous les jours, toute la journée, à partir du 1er décembre 2026 à 08:00 et jusqu’au 2 décembre 2026 à 18:30'],
];

for (const [rule, french, english] of SENTENCES) {
  test(french, () => {
    assert.equal(sentence(rule, 'fr', 'Europe/Paris'), french);
    if (english) assert.equal(sentence(rule, 'en', 'Europe/Paris'), english);
  });
}

test('what the form shows is written back as it was', () => {
  for (const recurrence of ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', 'FREQ=MONTHLY;BYDAY=1TU', 'FREQ=MONTHLY;BYDAY=-1FR', 'FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1,-1',
    'FREQ=DAILY;INTERVAL=2', 'FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=14', 'FREQ=WEEKLY;BYDAY=TU;COUNT=5', 'FREQ=MONTHLY;BYDAY=1TU,3TU', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU']) {
    assert.deepEqual(writeRepeat(readRepeat({ recurrence })), { weekdays: null, recurrence });
  }
  assert.deepEqual(writeRepeat(readRepeat({ weekdays: ['fr', 'mo'] })), { weekdays: ['mo', 'fr'], recurrence: '' });
  assert.deepEqual(writeRepeat(readRepeat({ weekdays: null })), { weekdays: null, recurrence: '' });
});

test('wall clocks of a place, also when the hour changes', () => {
  for (const [day, minutes, utc] of [
    ['2026-11-24', 490, '2026-11-24T07:10:00Z'], ['2026-07-14', 0, '2026-07-13T22:00:00Z'],
    ['2026-03-29', 90, '2026-03-29T00:30:00Z'], ['2026-03-29', 210, '2026-03-29T01:30:00Z'],
    ['2026-10-25', 60, '2026-10-24T23:00:00Z'], ['2026-10-25', 240, '2026-10-25T03:00:00Z'],
  ]) {
    const ms = instantOf(day, minutes, 'Europe/Paris');
    assert.equal(new Date(ms).toISOString(), utc.replace('Z', '.000Z'));
    assert.deepEqual(wallOf(ms, 'Europe/Paris'), { day, minutes });
  }
  assert.equal(instantOf('2026-10-25', 150, 'Europe/Paris'), Date.parse('2026-10-25T00:30:00Z'), 'the first of two');
});
