// Strokes of 24 × 24, drawn for this page. They stand beside words; alone only in IconButton, which
// has a name.
const PATHS = {
  today: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  portrait: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500',
  event: 'M5 6h14v14H5zM5 10h14M9 3v4M15 3v4',
  announcement: 'M4 10v4h3l8 4V6l-8 4zM18.500 9.500a4 4 0 0 1 0 5',
  organisation: 'M4 20V8l8-4 8 4v12M4 20h16M9 20v-5h6v5M8.500 10h.01M12 10h.01M15.500 10h.01',
  media: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9h.01',
  playlist: 'M4 6h11M4 11h11M4 16h7M15 14v6l5-3z',
  calendar: 'M5 6h14v14H5zM5 10h14M9 3v4M15 3v4M8.500 13.500h2M13.500 13.500h2M8.500 16.500h2',
  screen: 'M3 5h18v11H3zM9 20h6M12 16v4',
  approval: 'M5 4h14v16H5zM8.500 12l2.500 2.500 4.500-5',
  import: 'M12 3v11M8 10.500 12 14l4-3.500M4 16v4h16v-4',
  chart: 'M4 20h16M7 20v-7M12 20V5M17 20v-10',
  people: 'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19c.8-3.500 3.200-5 6.500-5s5.700 1.500 6.500 5M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.300c2 .6 3.100 2.200 3.500 4.700',
  place: 'M12 21c5-5.500 7-8.500 7-11.500a7 7 0 0 0-14 0C5 12.500 7 15.500 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  log: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  settings: 'M4 7h9M19 7h1M4 17h1M11 17h9M16 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM8 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
  alert: 'M12 4 2.500 20h19zM12 10v4.500M12 17.500h.01',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.500 1.500h-15zM10 21h4',
  search: 'M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 21 21',
  plus: 'M12 5v14M5 12h14', minus: 'M5 12h14', close: 'M6 6l12 12M18 6 6 18', check: 'M5 12.500 10 17.500 19 7',
  up: 'M12 19V5M6 11l6-6 6 6', down: 'M12 5v14M6 13l6 6 6-6',
  left: 'M14.500 6 8.500 12l6 6', right: 'M9.500 6l6 6-6 6', expand: 'M6 9l6 6 6-6',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3', copy: 'M8 8h12v12H8zM16 8V4H4v12h4', trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.500 11v5.500M13.500 11v5.500',
  history: 'M4 12a8 8 0 1 0 2.500-5.800L4 8.500M4 4v4.500h4.500M12 8v4.500l3 2', clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.500l3.500 2',
  play: 'M7 5v14l12-7z', pause: 'M8 5v14M16 5v14', download: 'M12 4v11M8 11.500 12 15l4-3.500M4 20h16', upload: 'M12 15V4M8 7.500 12 4l4 3.500M4 20h16',
  drag: 'M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01', menu: 'M4 7h16M4 12h16M4 17h16', more: 'M6 12h.01M12 12h.01M18 12h.01',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.500h.01', eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  link: 'M10 14l4-4M8 11l-3 3a3.500 3.500 0 0 0 5 5l3-3M16 13l3-3a3.500 3.500 0 0 0-5-5l-3 3', print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  refresh: 'M20 12a8 8 0 1 1-2.300-5.600L20 8.500M20 4v4.500h-4.500', wifi: 'M3 9.500a13 13 0 0 1 18 0M6.500 13a8 8 0 0 1 11 0M9.800 16.500a3.200 3.200 0 0 1 4.400 0M12 20h.01',
  logout: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9', lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3', mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  star: 'M12 4l2.400 5.200 5.600.6-4.200 3.800 1.200 5.600-5-2.900-5 2.900 1.200-5.600L4 9.800l5.600-.6z', filter: 'M4 6h16l-6 7v6l-4-2v-4z',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name, size = 20 }: { name: IconName; size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
