package dev.firebreak.starter.client.example;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.starter.client.example.Holidays.Holiday;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.http.ProblemDetail;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** As docs/how-to/call-another-service.md shows it. */
class Planner {
    private final Holidays holidays;

    Planner(Holidays holidays) {
        this.holidays = holidays;
    }

    List<Holiday> holidays(int year) {
        try {
            return holidays.of(year);
        } catch (HttpClientErrorException.NotFound e) {
            return List.of(); // nobody has planned that year yet
        }
    }

    List<Holiday> holidaysIfKnown(int year) {
        try {
            return holidays(year);
        } catch (ServiceException e) {
            return List.of(); // a plan without holidays is better than no plan
        }
    }

    static boolean isLocked(HttpClientErrorException.Conflict e) {
        ProblemDetail problem = e.getResponseBodyAs(ProblemDetail.class);
        Map<String, Object> members = problem == null ? null : problem.getProperties();
        return members != null && "calendar.locked".equals(members.get("code"));
    }

    static RestClient calendar(ServiceClients clients, URI url) {
        return clients.builder("calendar").baseUrl(url).build();
    }
}
