import type { Tone } from '../../ui/feedback.tsx';
import { t } from './texts.ts';

export interface Import {
  id: string; name: string; user: string; size: number;
  state: keyof typeof t.states; kind: keyof typeof t.kinds; format: 'csv' | 'xlsx' | 'ics';
  source: string; licence: string; site: string; mode: 'drafts' | 'publish'; message: string;
  counts: Record<'rows' | 'created' | 'changed' | 'unchanged' | 'merged' | 'rejected' | 'warned' | 'undone' | 'kept', number>;
  created_ms: number; applied_ms: number; applied_by: string; undone_ms: number; undone_by: string;
}
export interface Whole extends Import {
  progress: number; may_publish: boolean; sheet: number; header_line: number; capitals: boolean;
  look: { encoding: string; delimiter: string; layout: string; rows: number; sheets: string[];
    columns: { title: string; filled: number; samples: string[]; guess: string | null; sure: boolean }[] };
  mapping: (string | null)[];
  fields: { field: string; label: string; needed: boolean }[];
}
export type Fate = keyof typeof t.fate;
export interface Row {
  number: number; line: number; fate: Fate; record: string; title: string;
  changes: { field: string; before: unknown; after: unknown }[];
  notes: { severity: 'warning' | 'rejected'; field: string; fr: string; en: string }[];
  undo: '' | keyof typeof t.undo_; undo_reason: string;
}

export const FATE_TONES: Record<Fate, Tone> = { created: 'good', changed: 'info', unchanged: 'neutral', merged: 'neutral', rejected: 'bad' };
export const STATE_TONES: Record<Import['state'], Tone> = { mapped: 'warn', rehearsing: 'info', rehearsed: 'info', applying: 'info', applied: 'good', undoing: 'info', undone: 'neutral' };
export const underWay = (one: Import) => one.state.endsWith('ing');

// What people read of a value in a change.
export function told(value: unknown): string {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)) return '';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? '✓' : '–';
  return typeof value === 'object' ? Object.values(value).map(told).filter(Boolean).join(' · ') : String(value);
}
