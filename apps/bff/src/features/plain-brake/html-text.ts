/** Text that is HTML already. Only `html` and `joinHtml` make it, so nothing a person or an agent wrote gets in unescaped. */
export type Html = { readonly html: string }

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Hidden and direction-changing characters are written out, so that no name reads as another one. What HTML forbids is written out, too.
 */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (each) => escapes[each]!)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (each) =>
      each === '\n' || each === '\t' ? each : `[U+${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
}

/** A template whose values are escaped, unless they are Html. Attributes have to stand in double quotes. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  const written = values.map((value) => (typeof value === 'object' ? value.html : escapeText(String(value))))
  return { html: parts.map((part, at) => part + (written[at] ?? '')).join('') }
}

export function joinHtml(parts: readonly Html[]): Html {
  return { html: parts.map((part) => part.html).join('\n') }
}

export const noHtml: Html = { html: '' }
