"""The web edge: pages, REST and the live socket. What the wall may know comes from ccwall.api and ccwall.hub."""
