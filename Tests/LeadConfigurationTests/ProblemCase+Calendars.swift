// Problems of calendars and of the policies that name them; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofCalendars = read(
        #"""
        # a calendar that no policy uses is a warning
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it

        # a calendar's zone and hours are needed
        - operators:
        + calendars: { office: { holidays: { 2026-11-26: Thanksgiving } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:22: error: missing key 'time_zone' in a calendar
        ; whose clock the hours are told by
        = 3:22: error: missing key 'hours' in a calendar
        ; write hours: { mon-fri: 09:00-17:30 }

        # a calendar's zone that does not exist
        - operators:
        + calendars: { office: { time_zone: America/Chicag, hours: { mon: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:35: error: 'time_zone' is no time zone of the IANA database
        ; did you mean 'America/Chicago'?

        # a calendar without hours
        - operators:
        + calendars: { office: { time_zone: UTC, hours: {} } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:22: error: the calendar has no hours, so no deadline would ever come

        # a day that is none
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon-frei: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:49: error: this is no day of the week
        ; write mon to sun, or a range such as mon-fri

        # hours that are none
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: [9-17, 9:00-9:00, 24:00-25:00, 9:00-24:00] } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:55: error: an entry of 'mon' is no span of a day
        ; write 09:00-17:30, or 22:00-06:00 when it ends the next day
        = 3:61: error: an entry of 'mon' is no span of a day
        ; write 09:00-17:30, or 22:00-06:00 when it ends the next day
        = 3:72: error: an entry of 'mon' is no span of a day
        ; write 09:00-17:30, or 22:00-06:00 when it ends the next day

        # hours that overlap
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 22:00-06:00, tue: 5:00-9:00 } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:72: error: 'tue' overlaps with the hours in line 3
        ; let each begin where the other has ended

        # a holiday that is no date
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 }, holidays: { 26.11.2026: x } } }
        + operators:
        = 3:14: warning: no policy uses this calendar
        ; name it in a policy, or remove it
        = 3:80: error: this is no date
        ; write it as 2026-11-26: Thanksgiving

        # a policy's calendar that does not exist
        - policies:
        + policies:
        +   spare: { calendar: ofice, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }
        = 15:3: warning: policy 'spare' is used by no route
        = 15:22: error: there is no calendar 'ofice'

        # a policy without steps beside its calendar
        - policies:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 } } }
        + policies:
        +   spare: { calendar: office }
        = 16:3: warning: policy 'spare' is used by no route
        = 16:10: error: missing key 'steps' in a policy
        ; or write the list of steps alone
        """#)
}
