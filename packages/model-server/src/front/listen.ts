import type { Server } from 'node:net';

/** Options of a server's connections: silence after which a peer is asked whether it is alive. */
export const ALIVE = { keepAlive: true, keepAliveInitialDelay: 60_000 };

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Listens; where the kernel has no IPv6, '::' means all of IPv4. */
export async function listenOn(server: Server, port: number, host: string): Promise<void> {
  await listen(server, port, host).catch((error: NodeJS.ErrnoException) => {
    if (host === '::' && (error.code === 'EAFNOSUPPORT' || error.code === 'EADDRNOTAVAIL')) {
      return listen(server, port, '0.0.0.0');
    }
    throw error;
  });
}
