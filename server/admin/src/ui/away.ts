// Closes what is open when somebody presses or goes elsewhere.
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

export function useAway(root: RefObject<HTMLElement>, open: boolean, close: () => void) {
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event) => root.current!.contains(event.target as Node) || close();
    addEventListener('pointerdown', away);
    addEventListener('focusin', away);
    return () => {
      removeEventListener('pointerdown', away);
      removeEventListener('focusin', away);
    };
  }, [open]);
}
