#!/usr/bin/env python3
"""A connector: tells Holdfast what a PBX does that none of its sources reads.  connector-example.py URL CA_FILE TOKEN_FILE < events.ndjson
Each line of the input is an event without an id ({"kind": "queue_joined", "channel": "c1", "queue": "sales"}). Replace read_pbx() by your PBX's own words."""
import itertools, json, ssl, sys, time, urllib.error, urllib.request

URL, CA, TOKEN = sys.argv[1], sys.argv[2], open(sys.argv[3]).read().strip()
UP = {"kind": "source_up", "product": "Example PBX 1.0", "channel_events": False, "agent_state": True}
TLS = ssl.create_default_context(cafile=CA)
ids = ("%d-%d" % (time.time_ns(), n) for n in itertools.count())


def post(events):
    """Posts until they are taken; the same ids mean the same events, so that posting twice does no harm."""
    body = "".join(json.dumps(e) + "\n" for e in events).encode()
    request = urllib.request.Request(URL + "/api/v1/events", body, {"Authorization": "Bearer " + TOKEN, "Content-Type": "application/x-ndjson"}, method="POST")
    while True:
        try:
            return json.load(urllib.request.urlopen(request, timeout=10, context=TLS))
        except urllib.error.HTTPError as refusal:
            if refusal.code == 409:  # the agent has started anew
                post([dict(UP, id=next(ids))])
            elif refusal.code != 503:
                raise
        except OSError as away:
            print("waiting for the agent:", away, file=sys.stderr)
        time.sleep(1)


def read_pbx():
    for line in sys.stdin:
        yield json.loads(line)


post([dict(UP, id=next(ids))])
for event in read_pbx():
    print(post([dict(event, id=next(ids))]))
