// What a screen is described by: all that the server takes, by the type of what it takes.
import type { Screen } from 'api-types';

export const SCREEN_FIELDS = Object.keys({
  id: true, name: true, site: true, groups: true, width_px: true, height_px: true, rotation: true, diagonal_mm: true, viewing_distance_mm: true,
  bottom_edge_mm: true, kiosk: true, time_zone: true, languages: true, opening: true, layout: true, reduced_motion: true,
} satisfies Record<keyof Screen, true>) as (keyof Screen)[];
