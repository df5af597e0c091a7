// What stands around a form whatever the record is: who else is here, what was found again, what is
// wrong, and the choice between two people's words.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../lib/api.ts';
import type { Other } from '../lib/presence.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { confirm, Dialog } from '../ui/dialog.tsx';
import { Empty, Notice, Trouble, Waiting } from '../ui/feedback.tsx';
import { Choices } from '../ui/field.tsx';
import { lang } from '../lib/i18n.ts';
import type { Editor } from './editor.ts';
import { t } from './texts.ts';

// Ctrl+S anywhere on the page.
export function useSaveKey(save: () => unknown) {
  const saving = useRef(save);
  saving.current = save;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      saving.current();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

// Under the page's head until its record is there, or when it does not come.
export function EditorOpening<T>({ editor: { failed }, back }: { editor: Editor<T>; back: { to: string; label: string } }) {
  if (!failed) return <Waiting lines={6} />;
  return failed instanceof ApiError && failed.status === 404
    ? <Empty icon="search" title={t.notThere} action={<LinkButton to={back.to} kind="primary">{back.label}</LinkButton>} />
    : <Trouble error={failed} retry={() => location.reload()} />;
}

const names = (others: Other[]) =>
  new Intl.ListFormat(lang, { type: 'conjunction' }).format(others.map((one) => one.name || one.user));

export function EditorNotices<T>({ editor, others = [] }: { editor: Editor<T>; others?: Other[] }) {
  const editing = others.filter((one) => one.editing);
  return <>
    {editing.length > 0 ? <Notice tone="warn"><p>{t.alsoEditing(names(editing), editing.length)}</p></Notice>
      : others.length > 0 && <Notice><p>{t.alsoHere(names(others), others.length)}</p></Notice>}
    {editor.restored && editor.dirty && (
      <Notice tone="info" action={<Button small onClick={async () => {
        if (await confirm({ title: t.discardTitle, text: t.discardText, action: t.discard, kind: 'danger' })) editor.giveUp();
      }}>{t.discard}</Button>}><p>{t.restored}</p></Notice>
    )}
    {editor.fault && <Notice tone="bad"><p>{editor.fault.message}</p></Notice>}
  </>;
}

// show: how a field's value is told to people; labelOf: what the form calls it.
export function ConflictDialog<T extends object>({ editor, labelOf, show }: {
  editor: Editor<T>; labelOf: (field: keyof T & string) => string; show?: (field: keyof T & string, value: any) => ComponentChildren;
}) {
  const { conflict } = editor;
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>({});
  if (!conflict) return null;
  const words = (field: keyof T & string, value: unknown) => {
    const told = show?.(field, value) ?? (typeof value === 'string' || typeof value === 'number' ? String(value) : value == null ? '' : JSON.stringify(value));
    return told === '' ? t.empty : told;
  };
  const save = () => {
    const result: Partial<T> = {};
    for (const field of conflict.fields) result[field] = (chosen[field] === 'theirs' ? conflict.theirs : conflict.mine)[field];
    editor.resolve(result);
  };
  return (
    <Dialog wide title={t.conflictTitle} onClose={() => editor.resolve(null)} actions={<>
      <Button onClick={() => editor.resolve(null)}>{t.later}</Button>
      <Button kind="primary" onClick={save}>{t.keep}</Button>
    </>}>
      <p>{t.conflictText(conflict.who)}</p>
      {conflict.fields.map((field) => (
        <Choices key={field} label={labelOf(field)} value={chosen[field] ?? 'mine'} look="list"
          onChange={(side) => setChosen({ ...chosen, [field]: side })}
          choices={[
            { value: 'mine' as const, label: t.mine, help: String(words(field, conflict.mine[field])) },
            { value: 'theirs' as const, label: t.theirs, help: String(words(field, conflict.theirs[field])) },
          ]} />
      ))}
    </Dialog>
  );
}
