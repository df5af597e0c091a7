// The bell: what one was told, and how much of it is new.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import { at, get, post, type Page } from '../lib/api.ts';
import { formatAgo } from '../lib/dates.ts';
import { useLoad } from '../lib/load.ts';
import { useNames } from '../lib/names.ts';
import { may } from '../lib/session.ts';
import { useAway } from '../ui/away.ts';
import { Button, Link } from '../ui/button.tsx';
import { Show } from '../ui/feedback.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { setBadge } from './badges.ts';
import { t } from './notices_texts.ts';
import { recordPlace } from './pages.ts';

interface Told {
  number: number;
  kind: keyof typeof t.told;
  record_kind: string;
  record: string;
  title: string;
  by: string;
  words: string;
  time_ms: number;
  read_ms: number | null;
}

const LOOK_MS = 20000;
const ICONS: Record<string, IconName> = {
  approval_wanted: 'approval', approval_given: 'check', sent_back: 'left', emergency_waiting: 'alert', screen_silent: 'screen', ends_soon: 'clock',
};

const placeOf = (one: Told) => one.kind === 'approval_wanted' ? at`/approvals/${one.record_kind}/${one.record}`
  : one.kind === 'emergency_waiting' ? '/emergency' : recordPlace(one.record_kind, one.record);

function List({ newest, onRead, onLeave }: { newest: number; onRead: () => void; onLeave: () => void }) {
  const list = useLoad((signal) => get<Page<Told>>('/notices', { limit: 20 }, signal), [newest]);
  const nameOf = useNames();
  const readAll = async () => {
    await post('/notices/read').catch(() => {});
    list.reload();
    onRead();
  };
  const open = (one: Told) => {
    if (!one.read_ms) post(at`/notices/${one.number}/read`).then(onRead, () => {});
    onLeave();
  };
  return (
    <Show of={list}>
      {({ items }) => (items.length === 0 ? <p class="soft bell-none">{t.none}</p> : <>
        <ul class="bell-list">
          {items.map((one) => (
            <li key={one.number}>
              <Link to={placeOf(one)} class={one.read_ms ? '' : 'new'} onClick={() => open(one)}>
                <Icon name={ICONS[one.kind] ?? 'info'} />
                <span>{!one.read_ms && <span class="unseen">{t.fresh} </span>}{t.told[one.kind](one.title, nameOf(one.by))}
                  {one.kind === 'sent_back' && <q>{one.words}</q>}
                  <small>{formatAgo(one.time_ms)}</small></span>
              </Link>
            </li>
          ))}
        </ul>
        {items.some((one) => !one.read_ms) && <Button small icon="check" onClick={readAll}>{t.readAll}</Button>}
      </>)}
    </Show>
  );
}

export function NoticeBell() {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const count = useLoad((signal) => get<{ unread: number; newest: number }>('/notices/unread', {}, signal), [], LOOK_MS);
  const unread = count.data?.unread ?? 0, newest = count.data?.newest ?? 0;
  useEffect(() => {
    if (may('validate')) {
      get<Page<unknown>>('/approvals', { mine: true, limit: 100 }).then(({ items }) => setBadge('approvals', items.length), () => {});
    }
  }, [newest]);
  useAway(root, open, () => setOpen(false));
  const label = t.bell(unread);
  return (
    <div class="menu" ref={root} onKeyDown={(event) => {
      if (event.key !== 'Escape' || !open) return;
      event.stopPropagation();
      setOpen(false);
      root.current!.querySelector('button')!.focus();
    }}>
      <Button kind="quiet" icon="bell" class="alone bell" aria-expanded={open} aria-controls={id} aria-label={label} title={label} onClick={() => setOpen(!open)}>
        {unread > 0 && <span class="bell-count" aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
      </Button>
      <section class="bell-panel" id={id} aria-label={t.title} hidden={!open}>
        <h2>{t.title}</h2>
        {open && <List newest={newest} onRead={count.reload} onLeave={() => setOpen(false)} />}
        <p class="bell-foot"><Link to="/account" onClick={() => setOpen(false)}>{t.choose}</Link></p>
      </section>
    </div>
  );
}
