package dev.firebreak.starter.client.example;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.service.registry.ImportHttpServices;

/** As docs/how-to/call-another-service.md shows it. */
@Configuration(proxyBeanMethods = false)
@ImportHttpServices(group = "calendar", types = Holidays.class)
class CalendarClient {}
