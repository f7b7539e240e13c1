package dev.firebreak.starter.client.example;

import java.time.LocalDate;
import java.util.List;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What the example of docs/how-to/call-another-service.md calls. */
@HttpExchange("/api/v1/holidays")
interface Holidays {
    @GetExchange
    List<Holiday> of(@RequestParam int year);

    record Holiday(LocalDate date, String name) {}
}
