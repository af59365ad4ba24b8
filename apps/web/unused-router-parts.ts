import type { Plugin } from 'vite'

/**
 * The router names its components by an assignment, which a bundler must take for an effect: so every page carried the router’s link and form
 * with all that loads whole pages ahead, 3 kB that nothing here uses. Without the names, what nobody imports is left out.
 */
export function unusedRouterParts(): Plugin {
  return {
    name: 'unused-router-parts',
    apply: 'build',
    transform: {
      filter: { id: /react-router\/dist\/production\/lib\/dom\/lib\.js$/ },
      handler: (code) =>
        code.replaceAll(/^\w+\.displayName = "\w+";$/gm, '').replaceAll('= React$1.forwardRef(', '= /* @__PURE__ */ React$1.forwardRef('),
    },
  }
}
