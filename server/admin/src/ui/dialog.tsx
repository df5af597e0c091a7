// Dialogs: the native element keeps the focus in, and gives it back.
import { render, type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useId } from '../lib/ids.ts';
import { Button, IconButton, type ButtonKind } from './button.tsx';
import { TextArea } from './field.tsx';
import { t } from './texts.ts';

export function Dialog({ title, onClose, children, actions, wide, stubborn }: {
  title: string; onClose: () => void; children?: ComponentChildren; actions?: ComponentChildren;
  wide?: boolean;
  stubborn?: boolean; // cannot be left by Escape or the cross
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the next click: the second of a double tap would open another.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const element = dialog.current!;
    element.showModal();
    return () => {
      element.close(); // while it is open nothing outside takes the focus
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class={wide ? 'wide' : undefined} aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!stubborn) onClose();
      }}>
      <header>
        <h2 id={id} tabIndex={-1}>{title}</h2>
        {!stubborn && <IconButton icon="close" label={t.close} onClick={onClose} />}
      </header>
      <div class="dialog-body">{children}</div>
      {actions && <footer>{actions}</footer>}
    </dialog>
  );
}

// Puts something above the page until `done` is called.
export function showOver<T>(make: (done: (value: T) => void) => ComponentChildren): Promise<T> {
  return new Promise((resolve) => {
    const host = document.createElement('div');
    document.body.append(host);
    render(make((value) => {
      render(null, host);
      host.remove();
      resolve(value);
    }), host);
  });
}

interface Question {
  title: string;
  text?: ComponentChildren;
  action: string; // the verb on the button: "Supprimer"
  kind?: ButtonKind;
  reason?: string; // label of a text that must be given
}

function Confirmation({ title, text, action, kind = 'primary', reason, done }: Question & { done: (answer: string | null) => void }) {
  const [words, setWords] = useState('');
  const [missing, setMissing] = useState('');
  return (
    <Dialog title={title} onClose={() => done(null)} actions={<>
      <Button onClick={() => done(null)}>{t.cancel}</Button>
      <Button kind={kind} onClick={() => (reason && !words.trim() ? setMissing(reason) : done(words.trim() || 'yes'))}>{action}</Button>
    </>}>
      {text && <p>{text}</p>}
      {reason && <TextArea label={reason} value={words} onChange={setWords} required error={missing} />}
    </Dialog>
  );
}

// Whether the person said yes.
export const confirm = async (question: Omit<Question, 'reason'>) =>
  (await showOver<string | null>((done) => <Confirmation {...question} done={done} />)) !== null;
// The reason that was given, or null.
export const askReason = (question: Question & { reason: string }) =>
  showOver<string | null>((done) => <Confirmation {...question} done={done} />);
