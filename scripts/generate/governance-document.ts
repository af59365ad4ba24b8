/** Who may say yes to what, as a page for people: every kind of action of the catalog, and the policy of protected paths. */
import { catalog } from '@autopack/action-catalog/catalog'
import { governancePolicy, governancePolicySha256 } from '@autopack/action-catalog/governance-policy'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { table } from './contract-document.ts'

export function governanceDocument(): string {
  const { paths, automatic, risk, approval_requests } = governancePolicy
  const { medium, high, critical } = risk.levels
  return `${[
    '# Who may say yes',
    'Generated from the action catalog (`packages/action-catalog/descriptors`) and `config/governance.json` by `npm run generate`; a check fails when it is not current. Both are checked when the control plane starts: with a bad one it does not, and says file, path and reason.',
    'Three kinds of things wait for a person, in one queue. Nothing is approved by an environment variable: `AUTO_APPROVE_BUILD113` has no effect, and production refuses to start with `true`. Whoever started the run that asks does not approve it, whichever of the three it is: as far as the executor says who that was (`started_by`), which can only exclude. The owner of the executor is accountable for it and may approve; who wants these two apart gives executors an owner who is no approver. `AUTOPACK_SOLE_OPERATOR=1` lifts the rule for the only enabled approver of a deployment, and each such approval is marked on the page and in the audit log. Every decision has a reason, is bound to the hash of the bytes that were asked, and stays in the queue’s history and in the audit log.',
    table(
      ['id', 'what', 'who asks', 'who decides', 'until'],
      [
        ['`act_…`', 'an external action', '`POST /external-actions`', 'by its kind, below', 'by its kind, below'],
        ['`apr_…`', 'whether an executor may go on', '`POST /approval/request`', 'one approver', duration(approval_requests.decide_within_seconds)],
        [
          '`gov_…`',
          'a change of files',
          '`POST /governance/request`',
          'one approver, or the policy below',
          duration(governancePolicy.decide_within_seconds),
        ],
      ],
    ),
    '## External actions',
    'Tier A and B run on the grant of their kind and within its bounds; over them they are proposed again as tier C. Tier C is decided by people. An action that no kind describes, or that cannot be explained as a whole, is tier C and needs two people; without a kind it is never executed live.',
    'A signed approval stands when its person removes the passkey. When an admin, or whoever runs the server, resets somebody’s passkeys, nothing that this person signed before is completed or claimed any more: it is proposed again. An approval that was not signed, where the kind does not need it, is not voided by a reset; somebody revokes it.',
    table(
      ['kind', 'tier', 'switch', 'who decides', 'passkey', 'decide within', 'execute within', 'hold', 'undo'],
      catalog
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .map((descriptor) => [
          `\`${descriptor.id}\` ${descriptor.version}`,
          descriptor.tier,
          `\`${descriptor.kill_switch}\``,
          descriptor.grant === null ? people(descriptor) : `its grant; over it ${people(descriptor)}`,
          descriptor.approval.step_up,
          duration(descriptor.approval.decide_within_seconds),
          duration(descriptor.approval.execute_within_seconds),
          duration(descriptor.approval.hold_seconds),
          descriptor.undo.text,
        ]),
    ),
    '## Changes of files',
    `Policy version ${governancePolicy.version}, SHA-256 \`${governancePolicySha256()}\`. Default deny: what no rule makes automatic waits for a person, and one denied path denies the whole request.`,
    table(
      ['path', 'answer'],
      [
        ...paths.automatic.map((folder) => [`\`${folder}…\`, written plainly`, automatic.enabled ? 'may be automatic' : 'a person']),
        ...paths.never_automatic.map((folder) => [`\`${folder}…\``, 'a person, always']),
        ['everything else', 'a person'],
        [`a segment ${paths.denied_names.map((name) => `\`${name}\``).join(', ')}`, 'denied'],
        ['out of the repository, absolute, with what cannot be seen, or with a hidden dot or slash', 'denied'],
      ],
    ),
    'Paths are compared as every file system would read them: `.` and `..`, doubled and backward slashes, capitals, trailing dots and spaces and letters that are the same to a file system change nothing. A path is written plainly when it is exactly what it comes to, in plain letters and without hidden names. The database refuses an automatic approval of anything outside `examples/` and `scripts/`, whatever the policy says.',
    automatic.enabled
      ? `The policy approves by itself when every path may be automatic, there are at most ${automatic.most_paths} of them, the executor says that at most ${automatic.most_changed_lines} lines change, the risk is at most ${automatic.most_risk_score}, and no brake is engaged for the run or its executor. The audit log says that the policy decided and no person did.`
      : 'The policy approves nothing by itself.',
    `### Risk\n\n0 to 100; medium from ${medium}, high from ${high}, critical from ${critical}.`,
    table(
      ['what', 'points'],
      [
        ...risk.paths.map(({ prefix, why, points }) => [`\`${prefix}…\`: ${why}; the riskiest path counts`, String(points)]),
        ['any other path', String(risk.other_path_points)],
        ['a denied path', String(risk.denied_path_points)],
        ...risk.many_paths.map(({ over, points }) => [`more than ${over} files`, `+ ${points}`]),
        ...risk.many_lines.map(({ over, points }) => [`more than ${over} lines`, `+ ${points}`]),
        ['a number of lines that the executor does not say', `+ ${risk.unknown_lines_points}`],
      ],
    ),
    '## Approval requests',
    'Always a person. What the executor says of its risk can only raise it.',
    table(
      ['what', 'points'],
      [
        ['every request: what it would do cannot be checked', String(approval_requests.base_points)],
        ...Object.entries(approval_requests.claimed_level_points).map(([level, points]) => [`its executor calls it ${level}`, `+ ${points}`]),
        ['its executor does not say', `+ ${approval_requests.unknown_level_points}`],
        ...approval_requests.net_deletion.map(({ over, points }) => [`more than ${over} lines fewer`, `+ ${points}`]),
      ],
    ),
  ].join('\n\n')}\n`
}

function people({ approval }: Descriptor): string {
  return approval.all_of.map(({ role, count }) => (count === 1 ? `one ${role}` : `${count} ${role}s`)).join(' and ')
}

function duration(seconds: number): string {
  if (seconds === 0) return 'none'
  if (seconds % 3600 === 0) return `${seconds / 3600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
