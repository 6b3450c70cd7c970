//! Sockets: connections are bounded in number, in the size of their headers and in time, and on
//! closing what has begun is finished.

use std::{future::Future, io, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

/// Connections at a time; the next one waits.
const CONNECTIONS: usize = 1_024;
/// Header fields of a request.
const HEADER_FIELDS: usize = 64;
/// Bytes of a request's head.
const HEAD_BYTES: usize = 32 * 1024;
/// So long a connection may be idle, or take to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// After this time a connection takes no further request.
const LIFE: Duration = Duration::from_secs(600);
/// So long the last request of a connection may take.
const LAST: Duration = Duration::from_secs(70);
/// So long to wait when the machine has no socket left.
const NO_SOCKET: Duration = Duration::from_millis(100);

/// Serves until `stop`, then finishes what has begun.
pub(super) async fn listen(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let (closing, _) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => {}
            accepted = accept(&listener, &room) => match accepted {
                Ok((stream, place)) => {
                    connections.spawn(serve(stream, router.clone(), closing.subscribe(), place));
                }
                Err(_) => sleep(NO_SOCKET).await,
            },
        }
    }
    drop(listener);
    closing.send_replace(());
    while connections.join_next().await.is_some() {}
}

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = room.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    Ok((stream, place))
}

/// Serves one connection. What goes wrong with it concerns its other end alone.
async fn serve(stream: TcpStream, router: Router, mut closing: watch::Receiver<()>, _place: OwnedSemaphorePermit) {
    let _ = stream.set_nodelay(true);
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_headers(HEADER_FIELDS)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
    );
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = closing.changed() => {}
        () = sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(LAST, connection).await;
}
