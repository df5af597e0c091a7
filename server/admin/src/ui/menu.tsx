// A button that opens a few further actions (the menu button of the ARIA authoring practices).
import { useEffect, useRef, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import { useAway } from './away.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  label: string;
  icon?: IconName;
  run: () => void;
  danger?: boolean;
  disabled?: boolean;
}

export function Menu({ label, icon = 'more', items, small, showLabel }: { label: string; icon?: IconName; items: MenuItem[]; small?: boolean; showLabel?: boolean }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const entries = () => [...root.current!.querySelectorAll<HTMLButtonElement>('[role=menuitem]:not([disabled])')];
  useEffect(() => { if (open) entries()[0]?.focus(); }, [open]);
  useAway(root, open, () => setOpen(false));
  const close = () => {
    setOpen(false);
    root.current!.querySelector('button')!.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (!open) return;
    const all = entries(), now = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: (now + 1) % all.length, ArrowUp: (now - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <div class="menu" ref={root} onKeyDown={keyDown}>
      <Button kind={showLabel ? 'plain' : 'quiet'} small={small} icon={icon} class={showLabel ? '' : 'alone'} aria-haspopup="menu" aria-expanded={open} aria-controls={id}
        aria-label={showLabel ? undefined : label} title={showLabel ? undefined : label} onClick={() => setOpen(!open)}>{showLabel && label}</Button>
      <div class="menu-list" role="menu" id={id} aria-label={label} hidden={!open}>
        {items.map((item) => (
          <button key={item.label} type="button" role="menuitem" tabIndex={-1} disabled={item.disabled} class={item.danger ? 'danger' : ''}
            onClick={() => {
              close();
              item.run();
            }}>{item.icon && <Icon name={item.icon} size={18} />}{item.label}</button>
        ))}
      </div>
    </div>
  );
}
