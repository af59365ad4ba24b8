/** An authenticator of Chromium's own (WebAuthn Level 3, "User Agent Automation"): real keys, no hand. */
import type { Page } from '@playwright/test'

export type VirtualAuthenticator = {
  /** False: it does not recognise the person, so it makes and signs nothing. */
  recognise: (verified: boolean) => Promise<void>
  /** False: nobody touches it, so a prompt waits for another one, or for ever. */
  touch: (touched: boolean) => Promise<void>
  remove: () => Promise<void>
}

/** `usb`: a key that is put in. `internal`: of the machine itself; a page may have one of each. */
export async function addVirtualAuthenticator(page: Page, transport: 'usb' | 'internal' = 'usb'): Promise<VirtualAuthenticator> {
  const client = await page.context().newCDPSession(page)
  await client.send('WebAuthn.enable')
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    recognise: async (isUserVerified) => {
      await client.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })
    },
    touch: async (enabled) => {
      await client.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
    },
    remove: async () => {
      await client.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}
