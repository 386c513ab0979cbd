// Problems of calendars and of the policies that name them; the form is told in `ProblemCase`.

extension ProblemCase {
    static let ofCalendars = read(
        #"""
        # a calendar that no policy uses is a warning
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it

        # a calendar's zone and hours are needed
        - operators:
        + calendars: { office: { holidays: { 2026-11-26: Thanksgiving } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:22: error: missing key 'time_zone' in a calendar
        ; whose clock the hours are told by
        = 3:22: error: missing key 'hours' in a calendar
        ; write hours: { mon-fri: 09:00-17:30 }

        # a calendar's zone that does not exist
        - operators:
        + calendars: { office: { time_zone: America/Chicag, hours: { mon: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:35: error: 'time_zone' is no time zone of the IANA database
        ; did you mean 'America/Chicago'?

        # a calendar without hours
        - operators:
        + calendars: { office: { time_zone: UTC, hours: {} } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:22: error: there are no hours, so no deadline would ever come

        # a day that is none
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon-frei: 9:00-17:00 } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:49: error: this is no day of the week
        ; write mon to sun, or a range such as mon-fri

        # hours that are none
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: [9-17, 9:00-9:00, 24:00-25:00, 9:00-24:00] } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
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
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:72: error: 'tue' overlaps with the hours in line 3
        ; let each begin where the other has ended

        # a holiday that is no date
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 }, holidays: { 26.11.2026: x } } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:80: error: this is no date
        ; write it as 2026-11-26: Thanksgiving, or file: holidays.ics

        # holidays from files that can't be read
        - operators:
        + calendars:
        +   office:
        +     time_zone: UTC
        +     hours: { mon: 9:00-17:00 }
        +     holidays: { 2026-12-24: Closed, file: [nowhere.ics, /dev/null] }
        + operators:
        = 4:3: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 7:44: error: an entry of 'file' names a calendar file that can't be used: it does not exist
        ; give a file of 8MiB at most that the daemon may read; relative paths begin in the configuration's folder
        = 7:57: error: an entry of 'file' names a calendar file that can't be used: it is not a regular file
        ; give a file of 8MiB at most that the daemon may read; relative paths begin in the configuration's folder

        # holidays that are no mapping
        - operators:
        + calendars: { office: { time_zone: UTC, hours: { mon: 9:00-17:00 }, holidays: us.ics } }
        + operators:
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it
        = 3:78: error: 'holidays' must be a mapping of keys to values

        # a calendar's name that means something else
        - operators:
        + calendars: { addressed: { time_zone: UTC, hours: { mon: 9:00-17:00 } } }
        + operators:
        = 3:14: error: the name 'addressed' has a meaning of its own in policies
        ; choose another
        = 3:14: warning: nobody uses this calendar
        ; name it in a policy or with a person, or remove it

        # what to do when nobody works is wait or next
        - policies:
        + policies:
        +   spare: { off_duty: later, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }
        = 15:3: warning: policy 'spare' is used by no route
        = 15:22: error: 'off_duty' must be wait or next
        ; use wait or next

        # a person's calendar that does not exist
        - name: Dana,
        + name: Dana, calendar: office,
        = 8:39: error: there is no calendar 'office'

        # a person's hours twice
        - name: Dana,
        + name: Dana, calendar: office, hours: { mon: 9:00-17:00 }, holidays: office,
        = 8:39: error: there is no calendar 'office'
        = 8:54: error: 'hours' is given beside 'calendar'
        ; one of the two is enough
        = 8:85: error: 'holidays' is given beside 'calendar', which has its own
        ; remove it

        # holidays of nobody's hours
        - name: Dana,
        + name: Dana, holidays: office,
        = 8:39: error: there is no calendar 'office'
        = 8:39: error: 'holidays' is given without 'hours'
        ; add hours: { mon-fri: 09:00-17:30 }, or name a calendar

        # hours of a person that overlap
        - name: Dana,
        + name: Dana, hours: { mon: [9:00-12:00, 11:00-13:00] },
        = 8:56: error: an entry of 'mon' overlaps with the hours in line 8
        ; let each begin where the other has ended

        # absences that are none
        - name: Dana,
        + name: Dana, absences: [{ from: 24.12.2026, until: 2026-12-31 }, { from: 2026-12-24, until: 2026-12-24 }],
        = 8:48: error: 'from' is no date
        ; write 2026-12-24, or 2026-12-24T13:00
        = 8:108: error: 'until' is not after 'from'
        ; it is when they are back

        # a substitute who does not exist, and one who is away
        - name: Dana,
        + name: Dana, absences: [{ from: 2026-12-24, until: 2027-01-01, substitute: lea }, { substitute: dana }],
        = 8:91: error: there is no person 'lea'
        ; did you mean 'lee'?
        = 8:98: error: missing key 'from' in an absence
        ; write from: 2026-12-24, or file: dana.ics
        = 8:98: error: missing key 'until' in an absence
        ; write when they are back, as in until: 2027-01-02
        = 8:112: error: 'substitute' is the person who is away
        ; name somebody else

        # a file of absences that can't be read is a warning
        - name: Dana,
        + name: Dana, absences: [{ file: nowhere.ics, substitute: lee }],
        = 8:48: warning: 'file' names a calendar file that can't be used: it does not exist
        ; give a file of 8MiB at most that the daemon may read; relative paths begin in the configuration's folder

        # a file of absences beside what else says when, and one without a name
        - name: Dana,
        + name: Dana, absences: [{ file: /dev/null, from: 2026-12-24, substitute: dana }, { file: "" }],
        = 8:48: warning: 'file' names a calendar file that can't be used: it is not a regular file
        ; give a file of 8MiB at most that the daemon may read; relative paths begin in the configuration's folder
        = 8:65: error: 'from' is given beside 'file'
        ; make it an absence of its own
        = 8:89: error: 'substitute' is the person who is away
        ; name somebody else
        = 8:105: error: 'file' is empty
        ; write a path or remove the key

        # a policy's calendar that does not exist
        - policies:
        + policies:
        +   spare: { calendar: ofice, steps: [{ after: 0s, notify: manager }, { after: 1h, assign: jane }] }
        = 15:3: warning: policy 'spare' is used by no route
        = 15:22: error: there is no calendar 'ofice'
        ; use addressed

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
