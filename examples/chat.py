#!/usr/bin/env python3
"""Talk to your agents from a terminal: a small client of Artel's API, standard library only.

    TOKEN=$(./dev token) python3 examples/chat.py [--url URL] [--agent NAME] [--session ID]

Each line you type is a message; `@name` at its beginning picks another agent. Answers appear while
they are written. The stream of events is resumed from its last position when it breaks.
"""

import argparse
import json
import os
import random
import sys
import threading
import time
import urllib.error
import urllib.request


class Refused(Exception):
    """Artel or the way to it said no, in one readable line."""


class Api:
    """Calls Artel."""

    def __init__(self, url, token):
        self.url = url.rstrip("/")
        self.headers = {"Authorization": "Bearer " + token}

    def open(self, path, body=None, headers=None, timeout=60):
        request = urllib.request.Request(self.url + path, headers={**self.headers, **(headers or {})})
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        return urllib.request.urlopen(request, timeout=timeout)

    def call(self, path, body=None, headers=None):
        try:
            with self.open(path, body, headers) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            problem = json.load(refused)
            meant = " or ".join((problem.get("metadata") or {}).get("suggestions") or [])
            hint = "; did you mean %s?" % meant if meant else ""
            raise Refused("%s (%s)%s" % (problem["detail"], problem["error_code"], hint))
        except urllib.error.URLError as unreachable:
            raise Refused("%s does not answer: %s" % (self.url, unreachable.reason))


class Listener(threading.Thread):
    """Follows a session and prints answers as they grow."""

    # A heartbeat comes every 30 seconds; a stream that is silent for longer is dead.
    SILENCE_SECONDS = 45

    def __init__(self, api, session, position):
        super().__init__(daemon=True)
        self.api = api
        self.session = session
        self.position = position
        self.answered = threading.Event()
        self.connected = threading.Event()
        self.shown = {}

    def run(self):
        failures = 0
        while True:
            try:
                self.follow()
                failures = 0
            except OSError:
                failures += 1
            time.sleep(min(30, 2 ** min(failures, 5)) * random.uniform(0.5, 1))

    def follow(self):
        path = "/my/chat/%s/events?deltas=1" % self.session
        if self.position:
            path += "&last_event_id=" + self.position
        with self.api.open(path, timeout=self.SILENCE_SECONDS) as lines:
            for line in lines:
                self.take(json.loads(line))

    def take(self, event):
        payload = event["payload"]
        if event["event_type"] == "heartbeat":
            self.position = payload["position"] or self.position
            self.connected.set()
            return
        if event["event_id"] and not event.get("notice"):
            self.position = event["event_id"]
        if event["event_type"] == "message_delta" and payload["kind"] == "text":
            self.grow(payload)
        elif event["event_type"] == "message_created" and payload["role"] == "assistant":
            self.finish(payload)
        elif event["event_type"] == "error":
            print("\n! " + payload["message"], flush=True)
        elif event["event_type"] == "message_updated":
            if payload.get("status") in ("done", "failed", "cancelled"):
                self.answered.set()

    def grow(self, delta):
        answer = delta["message_id"]
        if delta["snapshot"] or delta["offset"] == 0:
            sys.stdout.write("\n%s: " % delta["agent_name"])
            self.shown[answer] = 0
        if self.shown.get(answer) == delta["offset"]:
            sys.stdout.write(delta["text"])
            sys.stdout.flush()
            # Offsets count UTF-16 units, as browsers do.
            self.shown[answer] += len(delta["text"].encode("utf-16-le")) // 2

    def finish(self, message):
        label = " (the built-in demo model)" if message.get("demo") else ""
        if self.shown.pop(message["message_id"], None) is None:
            print("\n%s: %s" % (message["agent_name"], message["content"]), end="")
        print(label, flush=True)


def main():
    options = argparse.ArgumentParser(description="Talk to your agents from a terminal.")
    options.add_argument("--url", default="http://127.0.0.1:8000")
    options.add_argument("--agent", help="who answers; without it the project's answering agent")
    options.add_argument("--session", help="go on in this session; without it a new one begins")
    chosen = options.parse_args()
    token = os.environ.get("TOKEN")
    if not token:
        raise SystemExit("artel: set TOKEN first, for example TOKEN=$(./dev token)")

    api = Api(chosen.url, token)
    session = chosen.session or api.call("/my/chat/sessions", {})["id"]
    listener = Listener(api, session, api.call("/my/chat/sessions/" + session)["last_event_id"])
    listener.start()
    listener.connected.wait(10)
    print("session %s; end with Ctrl-D" % session)
    for line in sys.stdin:
        if not line.strip():
            continue
        message = {"content": line.strip()}
        if chosen.agent and not line.lstrip().startswith("@"):
            message["target_agent"] = chosen.agent
        listener.answered.clear()
        try:
            api.call("/my/chat/%s/message" % session, message, {"Prefer": "respond-async"})
        except Refused as refused:
            print("! %s" % refused, flush=True)
            continue
        listener.answered.wait()


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        raise SystemExit("artel: %s" % refused)
    except KeyboardInterrupt:
        pass
