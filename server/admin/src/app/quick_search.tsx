// The search of everything, in the bar: answers come as one types; Ctrl K or / goes there.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import type { FoundAnswer } from 'api-types';
import { get, type Page } from '../lib/api.ts';
import { useLoad, useSettled } from '../lib/load.ts';
import { navigate } from '../lib/router.ts';
import { Icon } from '../ui/icon.tsx';
import { recordPlace } from './pages.ts';
import { t } from './texts.ts';

export function QuickSearch() {
  const [words, setWords] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const asked = useSettled(words.trim(), 120);
  const found = useLoad(async (signal) => (asked.length < 2 ? [] :
    (await get<Page<FoundAnswer>>('/search', { q: asked, limit: 8 }, signal)).items), [asked]);
  const items = asked.length < 2 ? [] : found.data ?? [];
  useEffect(() => setActive(-1), [found.data]);
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName) || document.querySelector('dialog[open]');
      if ((event.key === 'k' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing)) {
        event.preventDefault();
        input.current?.focus();
        input.current?.select();
      }
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  const go = (to: string) => {
    setOpen(false);
    setWords('');
    navigate(to);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const n = items.length;
      if (n) setActive((i) => (event.key === 'ArrowDown' ? (i + 1) % n : (i <= 0 ? n : i) - 1));
    } else if (event.key === 'Escape') {
      setOpen(false);
      setWords('');
    } else if (event.key === 'Enter' && words.trim()) {
      event.preventDefault();
      const one = items[active];
      go(one ? recordPlace(one.kind, one.id) : `/search?q=${encodeURIComponent(words.trim())}`);
    }
  };
  const shown = open && asked.length >= 2;
  return (
    <div class="quick" role="search">
      <Icon name="search" />
      <input ref={input} type="search" role="combobox" aria-label={t.search} placeholder={innerWidth < 640 ? t.search : t.searchHint} value={words}
        aria-expanded={shown} aria-controls={id} aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined} autoComplete="off"
        onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={keyDown}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setOpen(true);
        }} />
      <ul id={id} role="listbox" aria-label={t.search} hidden={!shown || items.length === 0}>
        {items.map((one, i) => (
          <li key={`${one.kind} ${one.id}`} id={`${id}-${i}`} role="option" aria-selected={i === active} class={i === active ? 'active' : ''}
            onMouseDown={(event) => event.preventDefault()} onClick={() => go(recordPlace(one.kind, one.id))}>
            {one.title}<small>{t.kinds[one.kind as keyof typeof t.kinds] ?? one.kind}</small>
          </li>
        ))}
      </ul>
      {shown && !found.loading && items.length === 0 && <p class="picker-none" role="status">{t.searchNone}</p>}
    </div>
  );
}
