/** The one path where a plain HTML form may ask for a change (docs/decisions/0021-the-brake-without-scripts.md). */
export const plainBrakePath = '/brake/plain'
