// One or several of many, found by typing (the combobox of the ARIA authoring practices).
import { useEffect, useRef, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import { fold } from '../lib/i18n.ts';
import { IconButton } from './button.tsx';
import { Field, type Choice, type Labelled } from './field.tsx';
import { t } from './texts.ts';

interface Options {
  // What matches the words; an array is filtered here.
  choices: readonly Choice[] | ((words: string, signal: AbortSignal) => Promise<Choice[]>);
}

const SHOWN = 50;

function useMatches(choices: Options['choices'], words: string, open: boolean) {
  const [found, setFound] = useState<Choice[]>([]);
  useEffect(() => {
    if (!open) return undefined;
    if (typeof choices !== 'function') {
      const wanted = fold(words).split(/\s+/).filter(Boolean);
      setFound(choices.filter((one) => {
        const text = fold(`${one.label} ${one.help ?? ''}`);
        return wanted.every((word) => text.includes(word));
      }).slice(0, SHOWN));
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => choices(words, abort.signal)
      .then((list) => !abort.signal.aborted && setFound(list.slice(0, SHOWN)), () => {}), 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [choices, words, open]);
  return found;
}

// value '' : nothing chosen; `text` is what the chosen one is called.
export function Picker({ value, text, onChange, choices, placeholder, clearable, ...field }: Labelled & Options & {
  value: string; text: string; onChange: (value: string, choice: Choice | null) => void;
  placeholder?: string; clearable?: boolean; disabled?: boolean;
}) {
  const list = useId();
  const [words, setWords] = useState<string | null>(null);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const open = words !== null;
  const found = useMatches(choices, words ?? '', open);
  useEffect(() => setActive(found.length && words ? 0 : -1), [found]);
  useEffect(() => { document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: 'nearest' }); }, [active]);

  const choose = (choice: Choice) => {
    setWords(null);
    onChange(choice.value, choice);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setWords('');
      else setActive((n) => (n + (event.key === 'ArrowDown' ? 1 : found.length - (n < 0 ? 0 : 1))) % Math.max(found.length, 1));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (found[active]) choose(found[active]);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      setWords(null);
    }
  };
  return (
    <Field {...field}>
      {(tied) => (
        <div class="picker">
          <input {...tied} ref={input} type="text" role="combobox" aria-expanded={open} aria-controls={list} aria-autocomplete="list"
            aria-activedescendant={open && active >= 0 ? `${list}-${active}` : undefined} autoComplete="off" disabled={field.disabled}
            value={words ?? text} placeholder={placeholder} onKeyDown={keyDown} onClick={() => open || setWords('')}
            onInput={(event) => setWords(event.currentTarget.value)} onBlur={() => setWords(null)} />
          {clearable && value && !open && (
            <IconButton icon="close" label={t.clear} small onClick={() => {
              onChange('', null);
              input.current?.focus();
            }} />
          )}
          <ul class="picker-list" role="listbox" id={list} aria-label={field.label} hidden={!open}>
            {found.map((one, i) => (
              <li key={one.value} id={`${list}-${i}`} role="option" aria-selected={one.value === value} class={i === active ? 'active' : ''}
                onMouseDown={(event) => event.preventDefault()} onClick={() => choose(one)}>
                {one.label}{one.help && <small>{one.help}</small>}
              </li>
            ))}
          </ul>
          {open && found.length === 0 && words !== '' && <p class="picker-none">{t.noMatch}</p>}
          <span class="unseen" role="status">{open ? t.found(found.length) : ''}</span>
        </div>
      )}
    </Field>
  );
}

// Several: those chosen stand above as chips, each with its button to remove it.
export function Pickers({ values, nameOf, onChange, choices, ...field }: Labelled & {
  values: readonly string[]; nameOf: (value: string) => string; onChange: (values: string[]) => void;
  choices: readonly Choice[]; placeholder?: string;
}) {
  return (
    <div class="pickers">
      <Picker {...field} value="" text="" choices={choices.filter((one) => !values.includes(one.value))}
        onChange={(value) => value && onChange([...values, value])} />
      {values.length > 0 && (
        <ul class="tags">
          {values.map((value) => (
            <li key={value}>{nameOf(value)}
              <IconButton icon="close" small label={t.remove(nameOf(value))} onClick={() => onChange(values.filter((v) => v !== value))} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
