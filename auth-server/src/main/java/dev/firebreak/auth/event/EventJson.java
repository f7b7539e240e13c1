package dev.firebreak.auth.event;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.event.Event;
import dev.firebreak.contracts.event.EventAnswer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events as JSON: the feed's answer and the body that a webhook gets. */
public final class EventJson {
    private EventJson() {}

    static String write(EventAnswer answer) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("epoch", answer.epoch().toString());
        members.put("as_of", answer.asOf().toString());
        members.put("full", answer.full());
        members.put("events", answer.events().stream().map(EventJson::toMembers).toList());
        members.put("cursor", answer.cursor());
        members.put("more", answer.more());
        return JSONObjectUtils.toJSONString(members);
    }

    /** One event, as in the feed. */
    public static String write(Event event) {
        return JSONObjectUtils.toJSONString(toMembers(event));
    }

    private static Map<String, Object> toMembers(Event event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("seq", event.seq());
        members.put("id", event.id().toString());
        members.put("type", event.type());
        members.put("timestamp", event.timestamp().toString());
        members.put("subject", event.subject().toString());
        members.put("data", event.data());
        return members;
    }
}
