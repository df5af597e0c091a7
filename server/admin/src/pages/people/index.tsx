// Accounts: a list, and a page for each.
import { useState } from 'preact/hooks';
import type { UserAnswer } from 'api-types';
import type { PageProps } from '../../app/pages.ts';
import { t as desk } from '../../app/texts.ts';
import { get, getAll, put } from '../../lib/api.ts';
import { fold } from '../../lib/i18n.ts';
import { useLoad } from '../../lib/load.ts';
import { setQuery } from '../../lib/router.ts';
import { session } from '../../lib/session.ts';
import { Button, Link, LinkButton } from '../../ui/button.tsx';
import { Badge, Empty, Notice, Show, toast } from '../../ui/feedback.tsx';
import { CheckField, TextField } from '../../ui/field.tsx';
import { Card, PageHead } from '../../ui/page.tsx';
import { PersonPage } from './person.tsx';
import { ROLES, roleHelp, roleName } from './roles.ts';
import { t } from './texts.ts';

export type Account = UserAnswer & { has_password?: boolean };

const stateOf = (one: Account) => (!one.active ? <Badge>{t.closed}</Badge>
  : !one.has_password && !one.oidc_subject ? <Badge tone="warn">{t.invited}</Badge> : <Badge tone="good">{t.open}</Badge>);

function PeopleTable({ list, nameOfSite }: { list: Account[]; nameOfSite: (id: string) => string }) {
  return (
    <div class="table-wrap">
      <table class="cards">
        <caption class="unseen">{t.people(list.length)}</caption>
        <thead><tr><th scope="col">{t.name}</th><th scope="col">{t.role}</th><th scope="col">{t.where}</th><th scope="col">{t.state}</th></tr></thead>
        <tbody>
          {list.map((one) => (
            <tr key={one.name}>
              <th scope="row"><Link to={`/people/${encodeURIComponent(one.name)}`}>{one.display || one.name}</Link>
                {one.display && <small class="pp-login">{one.name}</small>}</th>
              <td data-label={t.role}>{roleName(one.role)}</td>
              <td data-label={t.where}>{one.sites?.length ? one.sites.map(nameOfSite).join(', ') : t.everywhere}</td>
              <td><span class="row pp-badges">{stateOf(one)}{one.alert && <Badge tone="bad" icon="alert">{t.alert}</Badge>}
                {one.second_factor && <Badge tone="info" icon="lock">{t.factor}</Badge>}</span></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function PolicyCard() {
  const policy = useLoad(() => get<{ administrators_second_factor: boolean }>('/people-policy'), []);
  const [problem, setProblem] = useState('');
  const change = async (on: boolean) => {
    setProblem('');
    try {
      policy.set(await put('/people-policy', { administrators_second_factor: on }));
      toast(t.policySaved);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <Card title={t.policyTitle}>
      <Show of={policy} lines={1}>{({ administrators_second_factor: on }) =>
        <CheckField label={t.policyFactor} value={on} onChange={change} help={t.policyHelp} />}</Show>
      {problem && <Notice tone="bad" action={<LinkButton small to="/account">{desk.myAccount}</LinkButton>}><p>{problem}</p></Notice>}
    </Card>
  );
}

function PeopleList({ query }: { query: URLSearchParams }) {
  const words = query.get('q') ?? '', all = query.get('closed') === '1';
  const people = useLoad(() => getAll<Account>('/users'), []);
  const sites = useLoad(() => getAll<{ id: string; name: string }>('/sites'), []);
  const names = new Map(sites.data?.map((one) => [one.id, one.name]));
  const wholeNetwork = !session.get()?.sites.length;
  return <>
    <PageHead title={desk.pages.people} about={t.about} actions={<LinkButton kind="primary" icon="plus" to="/people/new">{t.add}</LinkButton>} />
    <div class="stack">
      <Card>
        <div class="pp-filter">
          <TextField type="search" label={t.search} value={words} onChange={(q) => setQuery({ q })} />
          <CheckField label={t.closedToo} value={all} onChange={(on) => setQuery({ closed: on ? '1' : '' })} />
        </div>
        <Show of={people}>{(list) => {
          const shown = list.filter((one) => (all || one.active) && fold(`${one.name} ${one.display} ${one.email} ${roleName(one.role)}`).includes(fold(words)));
          return shown.length ? <PeopleTable list={shown} nameOfSite={(id) => names.get(id) ?? id} />
            : <Empty icon="people" title={t.noneFound} action={<Button onClick={() => setQuery({ q: '', closed: '1' })}>{t.clear}</Button>}>{t.noneFoundText}</Empty>;
        }}</Show>
      </Card>
      {wholeNetwork && <PolicyCard />}
      <Card title={t.roles}>
        <dl class="pp-roles">{ROLES.map((role) => <div key={role}><dt>{roleName(role)}</dt><dd>{roleHelp(role)}</dd></div>)}</dl>
      </Card>
    </div>
  </>;
}

export default function PeoplePage({ path, query }: PageProps) {
  return path[0] ? <PersonPage key={path[0]} name={path[0] === 'new' ? null : path[0]} /> : <PeopleList query={query} />;
}
