/**
 * Stands where a chip of an earlier pass stood, so that one scan serves all that lies between chips: no value, token or name reaches
 * across it. A lone low surrogate: the text is made well-formed first, so it holds none. Written as \udc00 in the expressions that stop at it.
 */
export const barrier = '\udc00'
