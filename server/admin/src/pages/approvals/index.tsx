// The queue of what waits for approval; each item is read and decided at /approvals/<kind>/<id>.
import type { WaitingAnswer } from 'api-types';
import type { PageProps } from '../../app/pages.ts';
import { t as app } from '../../app/texts.ts';
import { at, getAll } from '../../lib/api.ts';
import { formatAgo } from '../../lib/dates.ts';
import { useLoad } from '../../lib/load.ts';
import { useNames } from '../../lib/names.ts';
import { Link, LinkButton } from '../../ui/button.tsx';
import { Empty, Show } from '../../ui/feedback.tsx';
import { Card, PageHead, Tabs } from '../../ui/page.tsx';
import { Review } from './review.tsx';
import { t } from './texts.ts';

const LOOK_MS = 60000;
export const placeOf = (one: { kind: string; id: string }) => at`/approvals/${one.kind}/${one.id}`;

function Queue({ items, mine }: { items: WaitingAnswer[]; mine: boolean }) {
  const nameOf = useNames();
  return (
    <div class="table-wrap">
      <table class="cards">
        <caption class="unseen">{mine ? t.mine : t.others}</caption>
        <thead><tr><th scope="col">{t.what}</th><th scope="col">{t.who}</th><th scope="col">{t.since}</th></tr></thead>
        <tbody>
          {items.map((one) => (
            <tr key={placeOf(one)}>
              <th scope="row"><Link to={placeOf(one)}>{one.title}</Link> <small class="ap-kind">{app.kinds[one.kind as keyof typeof app.kinds]}</small></th>
              <td data-label={t.who}>{nameOf(one.submitter)}</td>
              <td data-label={t.since}>{formatAgo(one.since_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export default function ApprovalsPage({ path, query }: PageProps) {
  const all = useLoad(() => getAll<WaitingAnswer>('/approvals'), [path.length === 0], LOOK_MS);
  const mine = query.get('view') !== 'others';
  const of = (own: boolean) => all.data?.filter((one) => one.mine === own) ?? [];
  if (path.length >= 2) {
    return <Review key={path.join('/')} kind={path[0]!} id={path[1]!} queue={all} />;
  }
  const items = of(mine);
  return <>
    <PageHead title={app.pages.approvals} about={t.about}
      actions={mine && items[0] && <LinkButton kind="primary" icon="right" to={placeOf(items[0])}>{t.begin}</LinkButton>}>
      <Tabs label={t.views} tabs={[
        { to: '/approvals', label: t.mine, here: mine, count: of(true).length },
        { to: '/approvals?view=others', label: t.others, here: !mine, count: of(false).length },
      ]} />
    </PageHead>
    <Show of={all}>
      {() => (items.length ? <Card><Queue items={items} mine={mine} /></Card> : mine
        ? <Empty icon="approval" title={t.none} action={<LinkButton to="/">{t.home}</LinkButton>}>{t.noneText}</Empty>
        : <Empty icon="approval" title={t.noneOthers} action={<LinkButton to="/approvals">{t.toMine}</LinkButton>} />)}
    </Show>
  </>;
}
