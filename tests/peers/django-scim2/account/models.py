"""The models that django-scim2 asks its host for."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class User(AbstractSCIMUserMixin, AbstractUser):
    @property
    def scim_groups(self):
        return self.scim_groups_set


class Group(AbstractSCIMGroupMixin, models.Model):
    name = models.CharField(max_length=80, unique=True)
    user_set = models.ManyToManyField(User, related_name="scim_groups_set")
