/** True in the hidden frame in which MSAL renews a sign-in, once the authority has sent it back here with its answer. */
export function isSignInAnswer({ parent, self, location }: Window): boolean {
  return parent !== self && /[#&?](code|error)=/.test(location.hash) && /[#&?]state=/.test(location.hash);
}

/** To the page around the frame, over a channel that only this origin hears. */
export async function passOnSignInAnswer(): Promise<void> {
  const { broadcastResponseToMainFrame } = await import('@azure/msal-browser/redirect-bridge');
  await broadcastResponseToMainFrame();
}
