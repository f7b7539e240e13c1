package dev.firebreak.auth.sso;

import dev.firebreak.auth.event.Events;
import dev.firebreak.contracts.event.EventData;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Events as a list. */
final class FakeEvents implements Events {
    final List<String> published = new ArrayList<>();

    @Override
    public void publish(UUID subject, EventData data) {
        published.add(subject + " " + data);
    }
}
