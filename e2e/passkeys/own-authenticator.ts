import type { CDPSession, Page } from '@playwright/test'
import type { Assertion } from '@autopack/contract/webauthn'

type Attestation = { credential_id: string; client_data: string; attestation_object: string; transports: string[] }
type Challenge = { nonce: string; rp_id: string; user?: { id: string; name: string } | null; credentials?: readonly { credential_id: string }[] }

/** A device with passkeys, of one page: Chromium's virtual authenticator. */
export type OwnAuthenticator = {
  /** Whether the next person before it is recognised. */
  setRecognised: (recognised: boolean) => Promise<void>
  /** Whether it answers by itself, as a person does who touches it; otherwise the prompt stays open. */
  setAnswering: (answering: boolean) => Promise<void>
  countKeys: () => Promise<number>
  /** A new key over a challenge of the console. */
  createKey: (challenge: Challenge) => Promise<Attestation>
  /** Signs these bytes with one of these keys, or with any. `verification`: what the page asks of the device. */
  sign: (bytes: Uint8Array, credentialIds: readonly string[], verification?: 'required' | 'discouraged') => Promise<Assertion>
}

/** Runs in the page. */
const inPage = `(() => {
  const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  const publicKeys = [-7, -8, -257].map((alg) => ({ type: 'public-key', alg }))
  window.makeKey = async ({ nonce, rp_id, user }) => {
    const { rawId, response } = await navigator.credentials.create({ publicKey: {
      challenge: toBytes(nonce), rp: { id: rp_id, name: 'Autopack Console' }, pubKeyCredParams: publicKeys, attestation: 'none',
      user: { id: toBytes(user.id), name: user.name, displayName: user.name },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    } })
    return { credential_id: toText(rawId), client_data: toText(response.clientDataJSON), attestation_object: toText(response.attestationObject), transports: response.getTransports() }
  }
  window.signBytes = async ({ bytes, ids, verification }) => {
    const { rawId, response } = await navigator.credentials.get({ publicKey: {
      challenge: toBytes(bytes), rpId: 'localhost', userVerification: verification, allowCredentials: ids.map((id) => ({ type: 'public-key', id: toBytes(id) })),
    } })
    return { credential_id: toText(rawId), authenticator_data: toText(response.authenticatorData), client_data: toText(response.clientDataJSON), signature: toText(response.signature) }
  }
})()`

export async function addAuthenticator(page: Page): Promise<OwnAuthenticator> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true } as const
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } })
  const run = async (call: string, input: object) => {
    await page.evaluate(inPage)
    return page.evaluate(`${call}(${JSON.stringify(input)})`)
  }
  return {
    setRecognised: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    setAnswering: async (enabled) => {
      await cdp.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    countKeys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    createKey: async (challenge) => (await run('makeKey', challenge)) as Attestation,
    sign: async (bytes, ids, verification = 'required') =>
      (await run('signBytes', { bytes: Buffer.from(bytes).toString('base64url'), ids, verification })) as Assertion,
  }
}
