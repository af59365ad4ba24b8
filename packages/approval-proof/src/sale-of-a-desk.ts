import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor, DescriptorField } from './descriptor.ts'
import type { Payload } from './payload.ts'

function field(path: string, format: DescriptorField['format'], more: Partial<DescriptorField> = {}): DescriptorField {
  return { path, label: path, group: 'Goods', format, must_see: false, risk_weight: 0, ...more }
}

export const descriptor: Descriptor = {
  id: 'shop.sell',
  version: 1,
  provider: 'shop',
  operation: 'sell',
  title: 'Sell',
  tier: 'C',
  kill_switch: 'SHOP_SELL',
  request: { method: 'POST', path: '/sell', encoding: 'json' },
  fee: null,
  sentence: 'sell «{title}» on {target} at {price}',
  seen_by: 'everyone',
  fields: [
    field('/target/shop', 'account', { role: 'target', slot: 'target' }),
    field('/request/body/title', 'text', { slot: 'title' }),
    field('/request/body/price/amount_minor', 'money', { slot: 'price', currency_at: '/request/body/price/currency', risk_weight: 5 }),
    field('/request/body/price/currency', 'currency'),
    field('/request/body/tags/*', 'text', { label: 'Tag' }),
    field('/request/body/offers/*/amount_minor', 'money', { currency_at: '/request/body/offers/*/currency', label: 'Offer' }),
    field('/request/body/offers/*/currency', 'currency', { label: 'Offer currency' }),
    field('/request/body/weight', 'decimal', { wire: 'number' }),
    field('/request/body/notes', 'long_text'),
  ],
  hidden: [],
  approval: {
    all_of: [{ role: 'approver', count: 1 }],
    step_up: 'preferred',
    decide_within_seconds: 60,
    execute_within_seconds: 60,
    hold_seconds: 0,
  },
  grant: null,
  limits: { actions_per_day: 5, amount_minor_per_day: {} },
  undo: { kind: 'irreversible', text: 'none' },
  verify: null,
  risk_levels: { medium: 25, high: 50, critical: 75 },
}

export function buildPayload(body: JsonValue, more: Partial<Payload> = {}): Payload {
  return {
    v: 1,
    provider: 'shop',
    operation: 'sell',
    target: { shop: 'corner' },
    mode: 'live',
    cost: null,
    request: { method: 'POST', path: '/sell', body },
    files: [],
    ...more,
  }
}

export const desk = { title: 'Desk', price: { amount_minor: 3800, currency: 'EUR' }, tags: ['oak', 'new'] }
