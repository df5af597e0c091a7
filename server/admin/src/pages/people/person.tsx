// One account: who it is, what they may do, how they get in.
import { useRef, useState } from 'preact/hooks';
import { t as desk } from '../../app/texts.ts';
import { ApiError, at, del, getAll, post, put } from '../../lib/api.ts';
import { formatInstant, formatDay } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { navigate } from '../../lib/router.ts';
import { useEditor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices } from '../../records/editor_parts.tsx';
import { Button } from '../../ui/button.tsx';
import { confirm, Dialog } from '../../ui/dialog.tsx';
import { Badge, Notice, toast, Trouble, Waiting } from '../../ui/feedback.tsx';
import { CheckField, Choices, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { Pickers } from '../../ui/picker.tsx';
import type { Account } from './index.tsx';
import { ROLES, roleHelp, roleName, type Role } from './roles.ts';
import { t } from './texts.ts';

interface PersonForm {
  name: string;
  role: Role;
  sites: string[];
  alert: boolean;
  display: string;
  email: string;
  active: boolean;
  oidc_subject: string;
}

const FIELDS = ['name', 'role', 'sites', 'alert', 'display', 'email', 'active', 'oidc_subject'] as const;
const BLANK: PersonForm = { name: '', role: 'contributor', sites: [], alert: false, display: '', email: '', active: true, oidc_subject: '' };

function LinkDialog({ url, until, onClose }: { url: string; until: number; onClose: () => void }) {
  const copy = () => navigator.clipboard.writeText(url).then(() => toast(t.copied), () => {});
  return (
    <Dialog title={t.linkReady} onClose={onClose} actions={<>
      <Button onClick={onClose}>{t.close}</Button><Button kind="primary" icon="copy" onClick={copy}>{t.copy}</Button></>}>
      <p>{t.linkText}</p>
      <TextField label={t.link} value={url} onChange={() => {}} help={t.linkUntil(formatInstant(until, undefined, 'long'))}
        input={{ readOnly: true, onFocus: (event) => event.currentTarget.select() }} />
    </Dialog>
  );
}

function AccessCard({ account, reload, setActive }: { account: Account; reload: () => Promise<void>; setActive: (on: boolean) => Promise<unknown> }) {
  const [link, setLink] = useState<{ url: string; expires_ms: number } | null>(null);
  const [problem, setProblem] = useState('');
  const who = account.display || account.name;
  const step = async (work: () => Promise<unknown>, told = '') => {
    setProblem('');
    try {
      await work();
      if (told) toast(told);
      await reload();
    } catch (error) {
      setProblem((error as ApiError).message);
    }
  };
  const path = at`/users/${account.name}`;
  return (
    <Card title={t.access}>
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      <div class="pp-step"><p>{t.linkText}</p>
        <Button icon="link" disabled={!account.active} onClick={() => step(async () => setLink(await post<typeof link>(`${path}/reset-link`)))}>{t.linkMake}</Button></div>
      <div class="pp-step"><p><strong>{account.second_factor ? t.factorOn : t.factorNone}</strong>{account.second_factor && ` ${t.factorText}`}</p>
        {account.second_factor && <Button onClick={async () => {
          if (await confirm({ title: t.factorOffTitle(who), text: t.factorText, action: t.factorOff, kind: 'danger' })) step(() => del(`${path}/second-factor`), t.factorOffDone);
        }}>{t.factorOff}</Button>}</div>
      <div class="pp-step"><p>{t.endSessionsText}</p><Button onClick={() => step(() => del(`${path}/sessions`), t.endSessionsDone)}>{t.endSessions}</Button></div>
      <div class="pp-step"><p>{t.closeText}</p>
        {account.active ? <Button icon="lock" onClick={async () => {
          if (await confirm({ title: t.closeTitle(who), text: t.closeText, action: t.closeAccount, kind: 'danger' })) step(() => setActive(false), t.closeDone);
        }}>{t.closeAccount}</Button> : <Button onClick={() => step(() => setActive(true), t.reopenDone)}>{t.reopen}</Button>}</div>
      {!!account.created_ms && <p class="soft">{t.since(formatDay(new Date(account.created_ms).toISOString().slice(0, 10)))}</p>}
      {link && <LinkDialog url={link.url} until={link.expires_ms} onClose={() => setLink(null)} />}
    </Card>
  );
}

export function PersonPage({ name }: { name: string | null }) {
  const typed = useRef('');
  const editor = useEditor<PersonForm>({ plural: 'users', id: name, fields: FIELDS, blank: BLANK,
    onCreated: () => navigate(`/people/${encodeURIComponent(typed.current)}`, true) });
  const sites = useLoad(() => getAll<{ id: string; name: string }>('/sites'), []);
  const names = new Map(sites.data?.map((one) => [one.id, one.name]));
  const { value, set, errorOf } = editor;
  const account = editor.state as unknown as Account | null;
  if (name && editor.failed) return <><PageHead title={name} back={{ to: '/people', label: desk.pages.people }} /><Trouble error={editor.failed} /></>;
  if (editor.loading) return <><PageHead title={name ?? t.newTitle} back={{ to: '/people', label: desk.pages.people }} /><Waiting /></>;
  const send = (event: Event) => {
    event.preventDefault();
    typed.current = value.name;
    editor.save();
  };
  return <>
    <PageHead title={name ? editor.base.display || name : t.newTitle} back={{ to: '/people', label: desk.pages.people }} about={account && account.display ? name : undefined}
      actions={account && !account.active ? <Badge>{t.closed}</Badge> : undefined} />
    <div class="pp-columns">
      <form class="stack" onSubmit={send}>
        <EditorNotices editor={editor} />
        <Card title={t.who}>
          {!name && <TextField label={t.login} value={value.name} onChange={(v) => set({ name: v })} required help={t.loginHelp} error={errorOf('name')} input={{ autoComplete: 'off', autoCapitalize: 'none', spellcheck: false }} />}
          <TextField label={t.display} value={value.display} onChange={(v) => set({ display: v })} help={t.displayHelp} optional error={errorOf('display')} input={{ autoComplete: 'off' }} />
          <TextField label={t.email} type="email" value={value.email} onChange={(v) => set({ email: v })} help={t.emailHelp} optional error={errorOf('email')} input={{ autoComplete: 'off' }} />
          <TextField label={t.city} value={value.oidc_subject} onChange={(v) => set({ oidc_subject: v })} help={t.cityHelp} optional error={errorOf('oidc_subject')} input={{ autoComplete: 'off', spellcheck: false }} />
        </Card>
        <Card title={t.what}>
          <Choices<Role> label={t.role} look="list" value={value.role} onChange={(role) => set({ role })} error={errorOf('role')}
            choices={ROLES.map((role) => ({ value: role, label: roleName(role), help: roleHelp(role) }))} />
          <Pickers label={t.sites} values={value.sites} nameOf={(id) => names.get(id) ?? id} onChange={(v) => set({ sites: v })} help={t.sitesHelp}
            placeholder={value.sites.length ? t.addSite : t.everywhere} error={errorOf('sites')} choices={(sites.data ?? []).map((one) => ({ value: one.id, label: one.name }))} />
          <CheckField label={t.alertLabel} value={value.alert} onChange={(v) => set({ alert: v })} help={t.alertHelp} error={errorOf('alert')} />
        </Card>
        <div class="actions"><Button type="submit" kind="primary" busy={editor.saving}>{name ? t.save : t.create}</Button></div>
      </form>
      {account && <AccessCard account={account} reload={editor.reload}
        setActive={(active) => put(at`/users/${account.name}`, { ...editor.base, active }, { etag: editor.etag })} />}
    </div>
    <ConflictDialog editor={editor} labelOf={(field) => t.fields[field as keyof typeof t.fields] ?? field}
      show={(field, v) => (field === 'role' ? roleName(v) : field === 'sites' ? v.map((id: string) => names.get(id) ?? id).join(', ') || t.everywhere : undefined)} />
  </>;
}
