/**
 * Stands where a chip of an earlier pass stood, so that one scan serves all that lies between chips: no value, token or name reaches
 * across it. A noncharacter, which Unicode keeps for such use inside programs; one that comes with a text is replaced before the first pass.
 */
export const barrier = '\uffff'
