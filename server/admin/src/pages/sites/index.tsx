// Where screens are (sites), and which belong together (groups).
import { useMemo, useState } from 'preact/hooks';
import type { GroupRecord, ScreenRecord, SiteRecord } from 'api-types';
import type { PageProps } from '../../app/pages.ts';
import { t as desk } from '../../app/texts.ts';
import { at, del, getAll, getTagged, post, put } from '../../lib/api.ts';
import { compare } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { usePresence } from '../../lib/presence.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { useEditor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices } from '../../records/editor_parts.tsx';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { confirm } from '../../ui/dialog.tsx';
import { Empty, Notice, Show, toast, Trouble, Waiting } from '../../ui/feedback.tsx';
import { CheckField, NumberField, SelectField, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { slug } from '../content/kinds.ts';
import { SCREEN_FIELDS } from '../screens/fields.ts';
import { t } from './texts.ts';

type Screen = ScreenRecord;
const screenCount = (n: number) => (n ? t.count(n) : t.none);

function Overview() {
  const loaded = useLoad(async () => {
    const [sites, groups, screens] = await Promise.all([getAll<SiteRecord>('/sites'), getAll<GroupRecord>('/groups'), getAll<Screen>('/screens')]);
    return { sites: sites.sort((a, b) => compare(a.name, b.name)), groups: groups.sort((a, b) => compare(a.name, b.name)), screens };
  }, []);
  return <>
    <PageHead title={desk.pages.sites} about={t.about} />
    <Show of={loaded}>{({ sites, groups, screens }) => (
      <div class="si-columns">
        <Card title={t.sites} actions={<LinkButton small icon="plus" to="/sites/new">{t.addSite}</LinkButton>}>
          {sites.length ? <ul class="si-list">{sites.map((one) => (
            <li key={one.id} class="split"><span><Link to={`/sites/${one.id}`}>{one.name}</Link>{one.commune && <small>{one.commune}</small>}</span>
              <span class="soft">{screenCount(screens.filter((screen) => screen.site === one.id).length)}</span></li>))}</ul>
            : <Empty icon="place" title={t.noSites}>{t.noSitesText}</Empty>}
        </Card>
        <Card title={t.groups} actions={<LinkButton small icon="plus" to="/sites/groups/new">{t.addGroup}</LinkButton>}>
          {groups.length ? <ul class="si-list">{groups.map((one) => (
            <li key={one.id} class="split"><Link to={`/sites/groups/${one.id}`}>{one.name}</Link>
              <span class="soft">{screenCount(screens.filter((screen) => screen.groups.includes(one.id)).length)}</span></li>))}</ul>
            : <Empty icon="screen" title={t.noGroups}>{t.noGroupsText}</Empty>}
        </Card>
      </div>
    )}</Show>
  </>;
}

// A screen keeps its groups itself: those whose tick has changed are saved one by one.
function Members({ group, screens, reload }: { group: string; screens: Screen[]; reload: () => void }) {
  const held = useMemo(() => screens.filter((one) => one.groups.includes(group)).map((one) => one.id), [screens]);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const now = chosen ?? held;
  const save = async () => {
    setBusy(true);
    setProblem('');
    try {
      for (const one of screens.filter((screen) => now.includes(screen.id) !== held.includes(screen.id))) {
        const path = at`/screens/${one.id}`;
        const { data, etag } = await getTagged<Record<string, unknown> & { groups: string[] }>(path);
        const form = Object.fromEntries(SCREEN_FIELDS.filter((name) => data[name] !== undefined).map((name) => [name, data[name]]));
        const others = data.groups.filter((id) => id !== group);
        await put(path, { ...form, groups: now.includes(one.id) ? [...others, group] : others }, { etag });
      }
      setChosen(null);
      toast(t.saved);
      reload();
    } catch (error) {
      setProblem((error as Error).message);
      reload(); // those before it are saved
    }
    setBusy(false);
  };
  return (
    <Card title={t.members}>
      <p class="soft">{t.membersHelp}</p>
      <div class="stack-s">{screens.map((one) => <CheckField key={one.id} label={one.name} value={now.includes(one.id)}
        onChange={(on) => setChosen(on ? [...now, one.id] : now.filter((id) => id !== one.id))} />)}</div>
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      <div class="actions"><Button disabled={!chosen} busy={busy} onClick={save}>{t.save}</Button></div>
    </Card>
  );
}

interface Values {
  id?: string;
  name: string;
  commune?: string;
  address?: string;
  latitude?: number | null;
  longitude?: number | null;
  accent?: string;
}
const SITE_FIELDS = ['id', 'name', 'commune', 'address', 'latitude', 'longitude', 'accent'] as const;
// Light enough for the kiosk's dark text; another one may be set through the API.
const ACCENTS = ['#7FE3C4', '#8FD3FF', '#FFB199', '#E3C4FF', '#C9E265'];
const GROUP_FIELDS = ['id', 'name'] as const;

function Place({ plural, id }: { plural: 'sites' | 'groups'; id: string | null }) {
  const isSite = plural === 'sites';
  const home = isSite ? '/sites' : '/sites/groups';
  const editor = useEditor<Values>({ plural, id, fields: isSite ? SITE_FIELDS : GROUP_FIELDS, blank: isSite ? { name: '', commune: '', address: '' } : { name: '' },
    makeId: (value) => slug(value.name), onCreated: (made) => navigate(`${home}/${made}`, true) });
  const screens = useLoad(() => getAll<Screen>('/screens'), []);
  const others = usePresence(isSite ? 'site' : 'group', id, editor.dirty);
  const [problem, setProblem] = useState('');
  const { value, set, errorOf } = editor;
  const title = id ? editor.base.name || id : isSite ? t.newSite : t.newGroup;
  const back = { to: '/sites', label: desk.pages.sites };
  if (editor.failed || editor.loading) return <><PageHead title={title} back={back} />{editor.failed ? <Trouble error={editor.failed} /> : <Waiting />}</>;
  const remove = async () => {
    if (!await confirm({ title: t.removeTitle(title), text: t.removeText, action: t.remove, kind: 'danger' })) return;
    try {
      await del(at`/${plural}/${id!}`, { etag: editor.etag });
      toast(t.removed);
      navigate('/sites');
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const identify = () => post(at`/${plural}/${id!}/commands`, { kind: 'identify' }).then(() => toast(t.identified), (error) => setProblem(error.message));
  const mine = screens.data?.filter((one) => one.site === id) ?? [];
  return (
    <>
      <PageHead title={title} back={back} actions={id && <>
        {may('operate') && <Button icon="eye" onClick={identify}>{t.identify}</Button>}
        <Button icon="trash" onClick={remove}>{t.remove}</Button></>} />
      {problem && <Notice tone="bad"><p>{problem}</p></Notice>}
      <div class="si-columns">
        <form class="stack" onSubmit={(event) => {
          event.preventDefault();
          editor.save();
        }}>
          <EditorNotices editor={editor} others={others} />
          <Card>
            <TextField label={t.name} value={value.name} onChange={(name) => set({ name })} required error={errorOf('name')} />
            {isSite && <>
              <TextField label={t.commune} value={value.commune ?? ''} onChange={(commune) => set({ commune })} optional error={errorOf('commune')} />
              <TextField label={t.address} value={value.address ?? ''} onChange={(address) => set({ address })} optional error={errorOf('address')} />
              <div class="row">
                <NumberField label={t.latitude} value={value.latitude ?? null} onChange={(latitude) => set({ latitude })} min={-90} max={90} step={0.00001} optional error={errorOf('latitude')} />
                <NumberField label={t.longitude} value={value.longitude ?? null} onChange={(longitude) => set({ longitude })} min={-180} max={180} step={0.00001} optional error={errorOf('longitude')} />
              </div>
              <SelectField label={t.accent} help={t.accentHelp} value={value.accent ?? ''} onChange={(accent) => set({ accent })} error={errorOf('accent')}
                choices={[...new Set(['', ...ACCENTS, value.accent ?? ''])].map((one) => ({ value: one, label: t.accents[one] ?? one }))} />
            </>}
            <div class="actions"><Button type="submit" kind="primary" busy={editor.saving}>{id ? t.save : t.create}</Button></div>
          </Card>
        </form>
        {id && (isSite ? (
          <Card title={t.siteScreens}>
            <Show of={screens}>{() => (mine.length ? <ul class="si-list">{mine.map((one) => <li key={one.id}><Link to={`/screens/${one.id}`}>{one.name}</Link></li>)}</ul> : <p class="soft">{t.siteNone}</p>)}</Show>
          </Card>
        ) : <Show of={screens}>{(list) => <Members group={id} screens={list} reload={screens.reload} />}</Show>)}
      </div>
      <ConflictDialog editor={editor} labelOf={(field) => (t as unknown as Record<string, string>)[field] ?? field} />
    </>
  );
}

export default function SitesPage({ path }: PageProps) {
  const [first, second] = path;
  if (first === 'groups' && second) return <Place key={`groups ${second}`} plural="groups" id={second === 'new' ? null : second} />;
  return first && first !== 'groups' ? <Place key={`sites ${first}`} plural="sites" id={first === 'new' ? null : first} /> : <Overview />;
}
