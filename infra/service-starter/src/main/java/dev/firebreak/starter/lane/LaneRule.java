package dev.firebreak.starter.lane;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Says which lane a request belongs to. A service replaces the starter's rule by a bean of this type. Asked once a
 * request, before it is admitted and after its bearer token was judged: from memory, without reading the body.
 */
@FunctionalInterface
public interface LaneRule {
    Lane laneOf(HttpServletRequest request);
}
