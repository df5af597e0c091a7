// Controls with their label, help and error, tied together for those who do not see them.
import { useId } from '../lib/ids.ts';
import type { ComponentChildren, JSX } from 'preact';
import { number } from '../lib/i18n.ts';
import { Icon } from './icon.tsx';
import { t } from './texts.ts';

export interface Labelled {
  label: string;
  help?: ComponentChildren;
  error?: string; // what is wrong and what to do; stands by the field
  required?: boolean; // else the label says "facultatif" when `optional`
  optional?: boolean;
  hideLabel?: boolean; // only where what stands around says it to the eye
  class?: string;
}

// What a text has used of what fits on the screens.
export interface Room {
  used: number;
  most: number;
}

interface Tied {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  required?: boolean;
}

export function Field({ label, help, error, optional, required, hideLabel, room, class: extra, children }:
  Labelled & { room?: Room; children: (tied: Tied) => ComponentChildren }) {
  const id = useId();
  const told = [help && `${id}-help`, error && `${id}-error`, room && `${id}-room`].filter(Boolean).join(' ');
  return (
    <div class={`field ${error ? 'wrong' : ''} ${extra ?? ''}`}>
      <div class="field-head">
        <label for={id} class={hideLabel ? 'unseen' : undefined}>
          {label}{optional && <span class="optional"> ({t.optional})</span>}
        </label>
        {room && <RoomCount id={`${id}-room`} {...room} />}
      </div>
      {children({ id, 'aria-describedby': told || undefined, 'aria-invalid': !!error || undefined, required })}
      {help && <p class="help" id={`${id}-help`}>{help}</p>}
      {error && <p class="error" id={`${id}-error`}><Icon name="alert" size={16} />{error}</p>}
    </div>
  );
}

function RoomCount({ id, used, most }: Room & { id: string }) {
  const left = most - used;
  const tone = left < 0 ? 'over' : left <= most * 0.1 ? 'near' : '';
  return (
    <span class={`room ${tone}`} id={id}>
      {left < 0 && <Icon name="alert" size={14} />}
      <span aria-hidden="true">{number(used)} / {number(most)}</span>
      <span class={left < 0 ? undefined : 'unseen'}>{left < 0 ? t.over(-left) : t.left(left)}</span>
    </span>
  );
}

type Valued<V> = Labelled & { value: V; onChange: (value: V) => void; disabled?: boolean };

export function TextField({ value, onChange, room, type = 'text', input, ...field }:
  Valued<string> & { room?: Room; type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'tel'; input?: JSX.InputHTMLAttributes<HTMLInputElement> }) {
  return (
    <Field {...field} room={room}>
      {(tied) => <input {...input} {...tied} type={type} value={value} disabled={field.disabled}
        onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

export function TextArea({ value, onChange, room, rows = 4, ...field }: Valued<string> & { room?: Room; rows?: number }) {
  return (
    <Field {...field} room={room}>
      {(tied) => <textarea {...tied} rows={rows} value={value} disabled={field.disabled}
        onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

// null while nothing is typed.
export function NumberField({ value, onChange, min, max, step, unit, ...field }:
  Valued<number | null> & { min?: number; max?: number; step?: number; unit?: string }) {
  return (
    <Field {...field}>
      {(tied) => (
        <span class="with-unit">
          <input {...tied} type="number" inputMode="decimal" value={value ?? ''} {...{ min, max, step }} disabled={field.disabled}
            onInput={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.valueAsNumber)} />
          {unit && <span class="unit">{unit}</span>}
        </span>
      )}
    </Field>
  );
}

// "2026-11-24", or '' while nothing is chosen.
export function DateField({ value, onChange, min, max, ...field }: Valued<string> & { min?: string; max?: string }) {
  return (
    <Field {...field}>
      {(tied) => <input {...tied} type="date" value={value} {...{ min, max }} disabled={field.disabled}
        onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

// "08:10"
export function TimeField({ value, onChange, ...field }: Valued<string>) {
  return (
    <Field {...field}>
      {(tied) => <input {...tied} type="time" value={value} disabled={field.disabled}
        onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

export interface Choice<V extends string = string> {
  value: V;
  label: string;
  help?: string;
}

export function SelectField<V extends string>({ value, onChange, choices, placeholder, ...field }:
  Valued<V> & { choices: readonly Choice<V>[]; placeholder?: string }) {
  return (
    <Field {...field}>
      {(tied) => (
        <select {...tied} value={value} disabled={field.disabled} onChange={(event) => onChange(event.currentTarget.value as V)}>
          {placeholder !== undefined && <option value="">{placeholder}</option>}
          {choices.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
        </select>
      )}
    </Field>
  );
}

export function CheckField({ value, onChange, ...field }: Valued<boolean>) {
  const id = useId();
  return (
    <div class={`check ${field.class ?? ''}`}>
      <input id={id} type="checkbox" checked={value} disabled={field.disabled}
        aria-describedby={field.help || field.error ? `${id}-help` : undefined} aria-invalid={!!field.error || undefined}
        onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{field.label}</label>
      {(field.help || field.error) && <p class={field.error ? 'error' : 'help'} id={`${id}-help`}>{field.error || field.help}</p>}
    </div>
  );
}

// One of a few, all in sight: radio buttons, as a row of segments or as a list with explanations.
export function Choices<V extends string>({ value, onChange, choices, label, error, help, look = 'segments', hideLabel, disabled }:
  Valued<V> & { choices: readonly Choice<V>[]; look?: 'segments' | 'list' }) {
  const id = useId();
  return (
    <fieldset class={`choices ${look}`} disabled={disabled} aria-describedby={help || error ? `${id}-help` : undefined}>
      <legend class={hideLabel ? 'unseen' : undefined}>{label}</legend>
      <div class="choices-row">
        {choices.map((one) => (
          <label key={one.value} class="choice">
            <input type="radio" name={id} value={one.value} checked={one.value === value} onChange={() => onChange(one.value)} />
            <span>{one.label}{one.help && <small>{one.help}</small>}</span>
          </label>
        ))}
      </div>
      {(help || error) && <p class={error ? 'error' : 'help'} id={`${id}-help`}>{error || help}</p>}
    </fieldset>
  );
}

// Several of a few: check boxes as chips.
export function Chips<V extends string>({ value, onChange, choices, label, error, help, hideLabel, disabled }:
  Valued<V[]> & { choices: readonly Choice<V>[] }) {
  const id = useId();
  return (
    <fieldset class="choices chips" disabled={disabled} aria-describedby={help || error ? `${id}-help` : undefined}>
      <legend class={hideLabel ? 'unseen' : undefined}>{label}</legend>
      <div class="choices-row">
        {choices.map((one) => (
          <label key={one.value} class="choice">
            <input type="checkbox" checked={value.includes(one.value)}
              onChange={(event) => onChange(choices.map((c) => c.value)
                .filter((v) => (v === one.value ? event.currentTarget.checked : value.includes(v))))} />
            <span>{one.label}</span>
          </label>
        ))}
      </div>
      {(help || error) && <p class={error ? 'error' : 'help'} id={`${id}-help`}>{error || help}</p>}
    </fieldset>
  );
}
