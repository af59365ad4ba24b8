/**
 * Names how a payload is drawn. Whoever changes what renderAction answers for any payload raises it and adds the new hash to
 * vectors/rendering.json; a statement names it, so that an approval always says which drawing it was given to.
 */
export const rendererVersion = '3'
