/** The NOTIFY channel of the trigger on `operator`: somebody was disabled, enabled or given another role. */
export const operatorChannel = 'control_plane_operator'
