//! Opens sockets with options and TLS that suit long-lived mail connections. It speaks no mail protocol.
