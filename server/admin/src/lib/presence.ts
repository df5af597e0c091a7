// Who else has the same record open.
import { useEffect, useState } from 'preact/hooks';
import { at, ask, put } from './api.ts';

export interface Other {
  user: string;
  name?: string;
  editing: boolean;
  since_ms: number;
}

const EVERY_MS = 10000;
// Two tabs of one person are told apart; a page that was loaded again is the same.
const tab = sessionStorage.getItem('vitrine.tab') ?? Math.random().toString(36).slice(2, 12);
sessionStorage.setItem('vitrine.tab', tab);

export function usePresence(kind: string, id: string | null, editing: boolean): Other[] {
  const [others, setOthers] = useState<Other[]>([]);
  useEffect(() => {
    if (!id) return undefined;
    const path = at`/presence/${kind}/${id}`;
    const tell = () => put<{ others: Other[] }>(path, { editing, tab })
      .then((answer) => setOthers(answer.others), () => {});
    const timer = setInterval(tell, EVERY_MS);
    const leave = () => { ask('DELETE', path, { query: { tab } }).catch(() => {}); };
    tell();
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [kind, id, editing]);
  return others;
}
