// One rule: its form, its sentence, and what it would do.
import type { RuleRecord } from 'api-types';
import { at, get } from '../../lib/api.ts';
import { addDays, formatDay, today } from '../../lib/dates.ts';
import { lang } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { usePresence } from '../../lib/presence.ts';
import { navigate } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { useEditor } from '../../records/editor.ts';
import { ConflictDialog, EditorNotices, EditorOpening, useSaveKey } from '../../records/editor_parts.tsx';
import { History } from '../../records/history.tsx';
import { WorkflowBar, WorkflowNotices } from '../../records/workflow_bar.tsx';
import { Show } from '../../ui/feedback.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { nameOf, zoneOf, type Fleet } from './fleet.ts';
import { RuleCheck } from './rule_check.tsx';
import { RuleFields, type RuleForm } from './rule_form.tsx';
import { whereOf } from './rules.tsx';
import { t } from './texts.ts';
import { hoursWords, periodWords, sentence } from './words.ts';

const FIELDS: readonly (keyof RuleForm & string)[] = ['title', 'playlist', 'screens', 'groups', 'class', 'from', 'until', 'starts', 'ends', 'weekdays', 'recurrence', 'except', 'also', 'holidays', 'school_holidays', 'hours', 'share', 'zone', 'full_screen'];
const USUAL_DAYS = 30;
const PLACE = '/programming/rules';

// The server answers what was not said by its defaults; sent back they would be said.
const cleaned = ({ share, ...rule }: RuleForm): RuleForm => ({ ...rule, ...(rule.class === 'campaign' && { share }) });

function blankOf(query: URLSearchParams, fleet: Fleet): RuleForm {
  const day = query.get('day') ?? '', from = query.get('from') ?? '', until = query.get('until') ?? '';
  const one = (kind: 'screen' | 'group', list: readonly { id: string }[]) => list.filter(({ id }) => id === query.get(kind)).map(({ id }) => id);
  return {
    title: '', playlist: query.get('playlist') ?? '', screens: one('screen', fleet.screens), groups: one('group', fleet.groups), class: 'campaign',
    from: day || today(), until: day || addDays(today(), USUAL_DAYS), starts: null, ends: null, weekdays: null, recurrence: '', except: [], also: [],
    holidays: 'same', school_holidays: 'same', hours: from && until && !(from === '00:00' && until >= '23:59') ? [{ from, until: until === '00:00' ? '24:00' : until }] : null,
    share: 0.5, zone: query.get('zone') ?? '',
  };
}

export function RulePage({ id, query, fleet }: { id: string | null; query: URLSearchParams; fleet: Fleet }) {
  const copied = query.get('copy');
  const source = useLoad(async (signal) => {
    if (id !== null || !copied) return blankOf(query, fleet);
    const rule = await get<RuleRecord>(at`/rules/${copied}`, {}, signal);
    return { ...Object.fromEntries(FIELDS.map((field) => [field, rule[field]])), title: t.copyOf(rule.title) } as unknown as RuleForm;
  }, [id, copied]);
  return <Show of={source}>{(blank) => <RuleEditor id={id} blank={blank} draft={`new.${query}`} fleet={fleet} />}</Show>;
}

const told = (field: keyof RuleForm & string, value: any, fleet: Fleet, zone: string): string => {
  if (value === null || value === undefined) return '';
  switch (field) {
    case 'playlist': return nameOf(fleet.playlists, value);
    case 'screens': return (value as string[]).map((one) => nameOf(fleet.screens, one)).join(', ');
    case 'groups': return (value as string[]).map((one) => nameOf(fleet.groups, one)).join(', ');
    case 'class': return t.classes[value as 'base'];
    case 'from': case 'until': return formatDay(value);
    case 'hours': return hoursWords(value, lang);
    case 'starts': case 'ends': return periodWords({ [field]: value }, lang, zone);
    case 'holidays': case 'school_holidays': return t.policies[value as 'same'];
    case 'share': return `${Math.round(value * 100)} %`;
    case 'zone': return t.zones[(value || 'main') as 'main'] ?? value;
    case 'weekdays': return sentence({ weekdays: value }, lang).split(',')[0]!;
    default: return Array.isArray(value) ? value.map((one) => formatDay(one)).join(', ') : String(value);
  }
};

function RuleEditor({ id, blank, draft, fleet }: { id: string | null; blank: RuleForm; draft: string; fleet: Fleet }) {
  const editor = useEditor<RuleForm>({
    plural: 'rules', id, fields: FIELDS, blank, draft, onCreated: (made) => navigate(`${PLACE}/${encodeURIComponent(made)}`, true),
  });
  const others = usePresence('rule', id, editor.dirty);
  const { value } = editor;
  const locked = !may('publish') || editor.state?.state === 'archived';
  useSaveKey(() => !locked && (id === null || editor.dirty) && editor.save());
  const title = id === null ? t.newRule : editor.base.title || t.rule;
  const labelOf = (field: string) => t.labels[field.split(/[.[]/)[0] as keyof typeof t.labels] ?? field;
  const show = (field: string, of: unknown) => told(field as keyof RuleForm & string, of, fleet, zoneOf(fleet, value));
  const where = whereOf(value, fleet);
  const back = { to: PLACE, label: t.back };
  if (editor.loading || editor.failed) return <><PageHead title={title} back={back} /><EditorOpening editor={editor} back={back} /></>;
  return <>
    <PageHead title={title} back={back} />
    <form class="stack" noValidate onSubmit={(event) => {
      event.preventDefault();
      if (!locked) editor.save();
    }}>
      <WorkflowNotices state={editor.state} write="publish" />
      <EditorNotices editor={editor} others={others} />
      <div class="pr-form">
        <div class="stack"><RuleFields editor={editor} fleet={fleet} locked={locked} /></div>
        <div class="stack pr-side">
          <section class="card pr-plain" aria-label={t.sentence}>
            <p class="soft">{t.shows(value.playlist ? nameOf(fleet.playlists, value.playlist) : t.noPlaylist, where || t.noWhere)}</p>
            <p class="pr-words" aria-live="polite">{sentence(value, lang, zoneOf(fleet, value))}</p>
          </section>
          <RuleCheck id={id} value={value} body={{ ...cleaned(value) }} fleet={fleet} />
        </div>
      </div>
      {id !== null && (
        <Card title={t.history}>
          <History plural="rules" id={id} etag={editor.etag} write="publish" labelOf={labelOf} show={show} onRestored={editor.reload} />
        </Card>
      )}
      <WorkflowBar editor={editor} id={id} title={title} plural="rules" reviewed={false} write="publish" onGone={() => navigate(PLACE)}
        more={id && may('publish') ? [{ label: t.duplicate, icon: 'copy', run: () => navigate(`${PLACE}/new?copy=${encodeURIComponent(id)}`) }] : []} />
    </form>
    <ConflictDialog editor={editor} labelOf={(field) => labelOf(field)} show={(field, of) => show(field, of)} />
  </>;
}
