// All rules, each with its sentence.
import type { RuleRecord } from 'api-types';
import { getAll } from '../../lib/api.ts';
import { today } from '../../lib/dates.ts';
import { fold, lang } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { may } from '../../lib/session.ts';
import { StateBadge } from '../../records/workflow_bar.tsx';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Show } from '../../ui/feedback.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ClassMark, type ClassTag } from './calendar_views.tsx';
import { nameOf, newRulePlace, zoneOf, type Fleet } from './fleet.ts';
import { t } from './texts.ts';
import { sentence } from './words.ts';

export const whereOf = (rule: { screens: readonly string[]; groups: readonly string[] }, fleet: Fleet) =>
  t.targets(rule.groups.map((id) => nameOf(fleet.groups, id)), rule.screens.map((id) => nameOf(fleet.screens, id)));

const isOver = (rule: RuleRecord) => (rule.until ? rule.until < today() : !!rule.ends && Date.parse(rule.ends) < Date.now());

export function Rules({ fleet, query }: { fleet: Fleet; query: URLSearchParams }) {
  const loaded = useLoad(() => getAll<RuleRecord>('/rules'), []);
  const words = query.get('q') ?? '', state = query.get('state') ?? '', of = query.get('class') ?? '';
  return (
    <Show of={loaded} lines={6}>
      {(all) => {
        const rules = all.filter((rule) => rule.class !== 'emergency').map((rule) => ({
          rule, where: whereOf(rule, fleet), playlist: nameOf(fleet.playlists, rule.playlist), when: sentence(rule, lang, zoneOf(fleet, rule)), over: isOver(rule),
        }));
        if (!rules.length) {
          return <Empty icon="calendar" title={t.noRules} action={may('publish') && <LinkButton kind="primary" icon="plus" to={newRulePlace({})}>{t.create}</LinkButton>}>{t.noRulesText}</Empty>;
        }
        const wanted = fold(words).split(/\s+/).filter(Boolean);
        const found = rules.filter(({ rule, where, playlist, when, over }) => (!of || rule.class === of)
          && (!state || (state === 'over' ? over : state === 'published' ? rule.live && !over : rule.state === state))
          && (state === 'archived' || rule.state !== 'archived')
          && wanted.every((word) => fold(`${rule.title} ${where} ${playlist} ${when}`).includes(word)));
        const options = <V extends string>(labels: Record<V, string>) => (Object.keys(labels) as V[]).map((value) => ({ value, label: labels[value] }));
        return (
          <section class="card" aria-label={t.rules}>
            <div class="pr-tools">
              <TextField label={t.search} type="search" value={words} onChange={(q) => setQuery({ q })} />
              <SelectField label={t.state} value={state} placeholder={t.all} choices={options(t.states)} onChange={(value) => setQuery({ state: value })} />
              <SelectField label={t.class} value={of} placeholder={t.all} choices={options(t.classes).filter(({ value }) => value !== 'emergency')} onChange={(value) => setQuery({ class: value })} />
            </div>
            <p class="soft" role="status">{t.count(found.length)}</p>
            {found.length === 0 ? (
              <Empty icon="search" title={t.noMatch} action={<Button onClick={() => setQuery({ q: '', state: '', class: '' })}>{t.clear}</Button>}>{t.noMatchText}</Empty>
            ) : (
              <div class="table-wrap">
                <table class="cards">
                  <caption class="unseen">{t.rules}</caption>
                  <thead><tr><th scope="col">{t.rule}</th><th scope="col">{t.when}</th><th scope="col">{t.where}</th><th scope="col">{t.class}</th><th scope="col">{t.state}</th></tr></thead>
                  <tbody>
                    {found.map(({ rule, where, playlist, when, over }) => (
                      <tr key={rule.id}>
                        <th scope="row"><Link to={`/programming/rules/${encodeURIComponent(rule.id)}`}>{rule.title}</Link><small class="pr-under">{playlist}</small></th>
                        <td data-label={t.when}><span class="pr-sentence">{when}</span></td>
                        <td data-label={t.where}>{where}</td>
                        <td data-label={t.class}><ClassMark of={rule.class as ClassTag} /></td>
                        <td data-label={t.state}>{over && rule.live ? <Badge>{t.states.over}</Badge> : <StateBadge state={rule} />}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </section>
        );
      }}
    </Show>
  );
}
