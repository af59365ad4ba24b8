/** The NOTIFY channel that wakes event streams; its notifications carry nothing. */
export const eventChannel = 'control_plane_event'
