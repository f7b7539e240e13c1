package dev.firebreak.starter.overload;

import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.LaneRule;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The rule of a resource service: by who calls. Whoever is not known counts like somebody who is just signing in, so that
 * requests which anybody can send never take what people with a session are guaranteed.
 */
final class CallersLane implements LaneRule {
    @Override
    public Lane laneOf(HttpServletRequest request) {
        return Caller.of(request)
                .map(caller -> caller.subject().equals(caller.clientId()) ? Lane.SERVICE : Lane.USER)
                .orElse(Lane.LOGIN);
    }
}
