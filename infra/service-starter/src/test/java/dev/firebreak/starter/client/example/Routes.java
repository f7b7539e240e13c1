package dev.firebreak.starter.client.example;

import dev.firebreak.starter.client.example.ExampleService.Hop;
import dev.firebreak.starter.client.example.Holidays.Holiday;
import dev.firebreak.starter.overload.Deadlines;
import dev.firebreak.starter.trace.Trace;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** Shows what the planner finds, and calls itself as often as it is asked to. */
@RestController
class Routes {
    private final Planner planner;
    private final RestClient next;
    private final InstantSource clock;

    Routes(Planner planner, RestClient.Builder next, InstantSource clock) {
        this.planner = planner;
        this.next = next.build();
        this.clock = clock;
    }

    @GetMapping("/open/holidays")
    List<Holiday> holidays(@RequestParam int year) {
        return planner.holidays(year);
    }

    @GetMapping("/open/holidays-if-known")
    List<Holiday> holidaysIfKnown(@RequestParam int year) {
        return planner.holidaysIfKnown(year);
    }

    @GetMapping("/open/locked")
    boolean locked() {
        try {
            planner.holidays(2026);
            return false;
        } catch (HttpClientErrorException.Conflict e) {
            return Planner.isLocked(e);
        }
    }

    @GetMapping("/open/hops")
    List<Hop> hops(@RequestParam int more, HttpServletRequest request) {
        long left = Deadlines.current().orElseThrow().left(clock.instant()).toMillis();
        List<Hop> hops = new ArrayList<>();
        hops.add(new Hop(Trace.current().orElseThrow().traceId(), left));
        if (more > 0) {
            List<Hop> further = next.get()
                    .uri("http://localhost:{port}/open/hops?more={more}", request.getLocalPort(), more - 1)
                    .retrieve()
                    .body(new ParameterizedTypeReference<>() {});
            hops.addAll(further == null ? List.of() : further);
        }
        return hops;
    }
}
