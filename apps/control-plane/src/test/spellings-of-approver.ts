/** How an executor may write the person whom the console knows as `approver`: whoever signs in with any of these is the same. */
export const spellingsOfApprover = ['approver', 'Approver', ' approver', 'APPROVER\u200b', 'ａｐｐｒｏｖｅｒ'] as const
