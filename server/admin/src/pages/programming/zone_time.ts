// Days and minutes on the wall clock of a time zone, and instants. Pure.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

export interface Wall {
  day: string; // "2026-11-24"
  minutes: number; // since midnight, with a fraction
}

export function wallOf(ms: number, zone: string): Wall {
  const p = Object.fromEntries(formatOf(zone).formatToParts(ms).map(({ type, value }) => [type, value]));
  return { day: `${p.year}-${p.month}-${p.day}`, minutes: Number(p.hour) * 60 + Number(p.minute) + (Number(p.second) + (((ms % 1000) + 1000) % 1000) / 1000) / 60 };
}

// Of hours that come twice the first, of hours that do not exist one beside.
export function instantOf(day: string, minutes: number, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * 60000;
  const offset = (ms: number) => {
    const wall = wallOf(ms, zone);
    return Math.round((Date.parse(`${wall.day}T00:00:00Z`) + wall.minutes * 60000 - ms) / 60000) * 60000;
  };
  const early = wanted - offset(wanted - 43200000), late = wanted - offset(wanted + 43200000);
  return early + offset(early) === wanted ? early : late;
}

export const clock = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(Math.floor(minutes) % 60).padStart(2, '0')}`;
export const minutesOf = (time: string) => {
  const [h = 0, m = 0] = time.split(':').map(Number);
  return h * 60 + m;
};
